// What every page does beyond HTML: each module looks for its own data attributes and works on swapped pieces too.
import "./busy.js";
import "./dialog.js";
import "./focus.js";
import "./install.js";
import "./offline.js";
import "./pad.js";
import "./push.js";
import "./pwa.js";
import "./toast.js";
import "./wake.js";
