import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApolloProvider } from '@apollo/client/react';
import '../theme.css';
import './storefront.css';
import { App } from './app.tsx';
import { createClient } from './client.ts';

const place = document.querySelector('#app');
if (place) {
  createRoot(place).render(
    <StrictMode>
      <ApolloProvider client={createClient('/graphql')}>
        <App />
      </ApolloProvider>
    </StrictMode>,
  );
}
