//! The room's face: four emoji, the same for everybody who has the same key.

use yew::prelude::*;

use super::hue::hue_class;
use crate::state::Face;

/// A face on its fob; large as on the link recipient's screen.
pub fn face_view(face: &Face, is_large: bool) -> Html {
    let class = classes!(
        "face",
        "face-fob",
        hue_class(face.hue),
        is_large.then_some("face-large"),
    );
    html! {
        <span {class} role="img" aria-label={spoken(face)}>
            { for face.emoji.iter().map(|emoji| html! { <span aria-hidden="true">{ *emoji }</span> }) }
        </span>
    }
}

/// "turtle, volcano, trumpet, thread".
pub fn spoken(face: &Face) -> String {
    face.words.join(", ")
}

/// The four emoji in a row.
pub fn drawn(face: &Face) -> String {
    face.emoji.join(" ")
}
