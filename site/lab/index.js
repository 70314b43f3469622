import "uplot/dist/uPlot.min.css";
import "../../lib/dashboard/page/page.css";
import "./lab.css";
import "./main.ts";
