import './sandbox.css';
import { embedSandbox } from './embed-sandbox.ts';

embedSandbox(window);
