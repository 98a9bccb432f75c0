import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../theme.css';
import './console.css';
import { Console } from './console.tsx';

const place = document.querySelector('#app');
if (place) {
  createRoot(place).render(
    <StrictMode>
      <Console address={new URL(window.location.href)} />
    </StrictMode>,
  );
}
