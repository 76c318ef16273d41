//! The shape that all end, trouble and recovery pages share: what happened, whose move it is,
//! what is left behind.

use yew::prelude::*;

use super::focus::use_focus;
use super::icon::{Glyph, icon};
use super::page::Page;

/// How serious it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// It just ended.
    #[default]
    Calm,
    /// It went as wished.
    Good,
    /// Stop and read.
    Grave,
}

/// What [`Ending`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct EndingProps {
    /// The picture.
    pub glyph: Glyph,
    /// How serious it is.
    #[prop_or_default]
    pub tone: Tone,
    /// What happened, in one line.
    pub title: AttrValue,
    /// And in one or two sentences.
    pub text: AttrValue,
    /// Between the text and the buttons.
    #[prop_or_default]
    pub extra: Html,
    /// The buttons.
    #[prop_or_default]
    pub children: Html,
}

/// One page with one headline.
#[component]
pub fn Ending(props: &EndingProps) -> Html {
    let heading = use_node_ref();
    use_focus(&heading);
    let tone = match props.tone {
        Tone::Calm => "ending-mark-calm",
        Tone::Good => "ending-mark-pine",
        Tone::Grave => "ending-mark-red",
    };
    html! {
        <Page>
            <section class="ending">
                <span class={classes!("ending-mark", tone)}>{ icon(props.glyph) }</span>
                <h1 ref={heading} tabindex="-1">{ props.title.clone() }</h1>
                <p class="ending-text" dir="auto">{ props.text.clone() }</p>
                { props.extra.clone() }
                <div class="ending-actions">{ props.children.clone() }</div>
            </section>
        </Page>
    }
}
