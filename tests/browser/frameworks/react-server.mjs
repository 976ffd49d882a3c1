// The same app on a server.
import { renderToString } from "react-dom/server";
import { app } from "./react-component.mjs";

export const renderOnServer = (props) => renderToString(app(props));
