/** What we use of Swagger UI's finished script (swagger-ui-dist, `swagger-ui-bundle.js`). */
interface SwaggerUiOptions {
  readonly url: string;
  readonly dom_id: string;
  /** null: documents are not sent to a validator on the internet. */
  readonly validatorUrl: null;
  readonly deepLinking: boolean;
  readonly defaultModelsExpandDepth: number;
  readonly tryItOutEnabled: boolean;
}

interface Window {
  readonly SwaggerUIBundle?: (options: SwaggerUiOptions) => unknown;
}
