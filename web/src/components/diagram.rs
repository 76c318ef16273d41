//! A sealed letter on its way past the relay.

use yew::prelude::*;

use crate::words::words;

/// The drawing. Its letter moves, unless the reader asked for less motion.
pub fn diagram() -> Html {
    let words = words();
    html! {
        <svg class="diagram" viewBox="0 0 320 118" role="img" aria-label={words.diagram_label}>
            <path class="diagram-line" d="M84 46H122M198 46H236" />
            <rect class="diagram-box" x="8" y="18" width="76" height="56" rx="10" />
            <rect class="diagram-relay" x="122" y="18" width="76" height="56" rx="10" />
            <rect class="diagram-box" x="236" y="18" width="76" height="56" rx="10" />
            <text class="diagram-text" x="46" y="94">{ words.diagram_you }</text>
            <text class="diagram-soft" x="46" y="109">{ words.diagram_seal }</text>
            <text class="diagram-text" x="160" y="94">{ words.diagram_relay }</text>
            <text class="diagram-soft" x="160" y="109">{ words.diagram_pass }</text>
            <text class="diagram-text" x="274" y="94">{ words.diagram_them }</text>
            <text class="diagram-soft" x="274" y="109">{ words.diagram_open }</text>
            <g class="diagram-moving">
                <path class="diagram-letter" fill-rule="evenodd" d="M30 35h32a3 3 0 0 1 3 3v17a3 3 0 0 1-3 3H30a3 3 0 0 1-3-3V38a3 3 0 0 1 3-3zM46 41a4 4 0 0 0-2 7.5L43 53h6l-1-4.5A4 4 0 0 0 46 41z" />
            </g>
        </svg>
    }
}
