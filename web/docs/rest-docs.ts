/** The page at /rest/docs: Swagger UI on our own OpenAPI document, offline (experience.md 4.1). */
import './rest-docs.css';

const place = document.querySelector('#rest-docs');
if (window.SwaggerUIBundle) {
  window.SwaggerUIBundle({
    url: '/rest/openapi.json',
    dom_id: '#rest-docs',
    validatorUrl: null,
    deepLinking: true,
    defaultModelsExpandDepth: 0,
    tryItOutEnabled: true,
  });
} else if (place) {
  place.textContent = 'Swagger UI could not be loaded. The OpenAPI document itself is at /rest/openapi.json.';
}
