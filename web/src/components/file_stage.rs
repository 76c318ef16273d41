//! How far a file is, and what can be done next.

use std::rc::Rc;
use std::time::Duration;

use client::{Answer, FileRef, FileTrouble};
use text::bytes_in_words;
use yew::prelude::*;

use super::button::{Button, Weight};
use super::icon::Glyph;
use crate::handle::{FileCommand, Handle};
use crate::state::{Answered, FileShown, FileState, Stage};
use crate::words::{FileWords, files, fill};

/// What [`FileStage`] takes.
#[derive(Clone, PartialEq, Properties)]
pub struct FileStageProps {
    /// Which file.
    pub id: FileRef,
    /// What the log says of it.
    pub file: Rc<FileShown>,
    /// It was offered here.
    pub mine: bool,
    /// What is known of it.
    pub state: FileState,
}

/// One line about the past, buttons for the future.
#[component]
pub fn FileStage(props: &FileStageProps) -> Html {
    let words = files();
    let handle = use_context::<Handle>();
    let act = |command: FileCommand| {
        let handle = handle.clone();
        Callback::from(move |_: MouseEvent| {
            if let Some(handle) = &handle {
                handle.file(command.clone());
            }
        })
    };
    let id = props.id;
    let button = |weight, word: &'static str, command| {
        html! { <Button {weight} class="button-small" onclick={act(command)}>{ word }</Button> }
    };
    let accept = || button(Weight::Primary, words.accept, FileCommand::Accept(id));
    let again = || button(Weight::Plain, words.again, FileCommand::Accept(id));
    let stop = |word| button(Weight::Quiet, word, FileCommand::Stop(id));
    let stage = props.state.stage;
    let is_here = matches!(stage, Stage::Here { .. });
    let buttons = match (props.mine, stage) {
        (true, Stage::Offered | Stage::Moving { .. }) => stop(words.withdraw),
        (false, Stage::Offered) => html! {
            <>{ accept() }{ button(Weight::Plain, words.deny, FileCommand::Deny(id)) }</>
        },
        (false, Stage::Asked | Stage::Moving { .. }) => stop(words.cancel),
        (false, Stage::Here { .. }) => {
            let save = FileCommand::Save(id, props.file.name.saved.clone());
            html! {
                <Button weight={Weight::Primary} glyph={Glyph::In} class="button-small" onclick={act(save)}>{ words.save }</Button>
            }
        }
        (false, Stage::Denied | Stage::Stopped | Stage::Failed(FileTrouble::Corrupt)) => again(),
        _ => Html::default(),
    };
    html! {
        <>
            if let Stage::Moving { done, total, .. } = stage {
                if done < total {
                    <progress
                        class="file-progress"
                        max={total.to_string()}
                        value={done.to_string()}
                        aria-label={fill(words.progress_label, &[("name", &props.file.name.shown)])}
                    />
                }
            }
            <p class={classes!("file-note", matches!(stage, Stage::Failed(_)).then_some("is-bad"))} role={is_here.then_some("status")}>
                { note(words, stage, props.mine, props.file.size) }
            </p>
            if !props.state.answers.is_empty() {
                <ul class="file-answers">
                    { for props.state.answers.iter().map(|it| html! { <li key={it.by.key()}>{ answer(words, it) }</li> }) }
                </ul>
            }
            <div class="file-actions">{ buttons }</div>
        </>
    }
}

fn note(words: &FileWords, stage: Stage, mine: bool, size: u64) -> String {
    match stage {
        Stage::Offered if mine => words.waits.to_owned(),
        Stage::Offered => fill(words.asks, &[("size", &bytes_in_words(size))]),
        Stage::Asked => words.asking.to_owned(),
        Stage::Moving { done, total, .. } if done >= total => words.waits.to_owned(),
        Stage::Moving {
            done,
            total,
            per_second,
        } => fill(
            words.progress,
            &[
                ("done", &bytes_in_words(done)),
                ("total", &bytes_in_words(total)),
                ("speed", &bytes_in_words(per_second)),
            ],
        ),
        Stage::Here { bytes, took } => fill(
            words.received,
            &[("bytes", &bytes.to_string()), ("seconds", &seconds(took))],
        ),
        Stage::Denied => words.denied.to_owned(),
        Stage::Stopped => words.stopped_here.to_owned(),
        Stage::Failed(why) => trouble(words, why).to_owned(),
    }
}

/// Tenths of a second, and at least one.
fn seconds(took: Duration) -> String {
    let tenths = (took.as_millis() / 100).max(1);
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn trouble(words: &FileWords, why: FileTrouble) -> &'static str {
    match why {
        FileTrouble::Corrupt => words.corrupt,
        FileTrouble::Withdrawn => words.withdrawn,
        FileTrouble::SenderLeft => words.sender_left,
        FileTrouble::Vanished => words.vanished,
        FileTrouble::TooLarge => words.relay_limit,
        FileTrouble::NoRoom => words.no_room,
        FileTrouble::NoFiles => words.no_files,
        _ => words.ended,
    }
}

fn answer(words: &FileWords, answered: &Answered) -> String {
    let sentence = match answered.answer {
        Answer::Accepted => words.answer_accepted,
        Answer::Denied => words.answer_denied,
        Answer::Received => words.answer_received,
        Answer::Corrupt => words.answer_corrupt,
        Answer::Stopped => words.answer_stopped,
        _ => words.answer_left,
    };
    fill(sentence, &[("name", &answered.name)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_here_says_how_many_bytes_in_what_time() {
        let stage = Stage::Here {
            bytes: 26_214_400,
            took: Duration::from_millis(3_260),
        };
        let said = note(files(), stage, false, 26_214_400);
        assert_eq!(said, "Received 26214400 bytes in 3.2 s, and checked.");
        assert_eq!(seconds(Duration::ZERO), "0.1");
    }

    #[test]
    fn progress_names_both_ends_and_the_speed() {
        let stage = Stage::Moving {
            done: 3 << 20,
            total: 25 << 20,
            per_second: 2 << 20,
        };
        assert_eq!(note(files(), stage, false, 0), "3 MB of 25 MB · 2 MB/s");
    }
}
