import { createRoot } from 'react-dom/client';
import 'slack-blocks-to-jsx/dist/style.css';
import './page.css';
import './head.css';
import './story.css';
import './chats.css';
import './teams.css';
import './dialogs.css';
import './panels.css';
import './tenant.css';
import './record.css';
import { App } from './app.tsx';
import { listen } from './store.ts';

const place = document.getElementById('page');
if (place) {
  listen();
  createRoot(place).render(<App />);
}
