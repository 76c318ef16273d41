//! The room's face: four emoji, the same for everybody who has the same key.

use yew::prelude::*;

use super::hue::hue_class;
use crate::state::Face;

/// What [`FaceView`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct FaceViewProps {
    /// The face.
    pub face: Face,
    /// Drawn large, as on the link recipient's screen.
    #[prop_or_default]
    pub large: bool,
}

/// A face on its fob.
#[component]
pub fn FaceView(props: &FaceViewProps) -> Html {
    let class = classes!(
        "face",
        "face-fob",
        hue_class(props.face.hue),
        props.large.then_some("face-large"),
    );
    html! {
        <span {class} role="img" aria-label={spoken(&props.face)}>
            { for props.face.emoji.iter().map(|emoji| html! { <span aria-hidden="true">{ *emoji }</span> }) }
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
