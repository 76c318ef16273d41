//! Files on the screen: what was offered, how far it is, and what became of it. The bytes are elsewhere.

use std::rc::Rc;
use std::time::Duration;

use client::{Answer, FileRef, FileTrouble};
use sorted::Map;
use text::FileName;

use super::people::PersonId;

/// A file in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileShown {
    /// Which one; `None` for one from before the page was loaded.
    pub file: Option<FileRef>,
    /// Its name, safe for display and for the disk.
    pub name: FileName,
    /// What its sender says it is, safe for display.
    pub media_type: String,
    /// Its length.
    pub size: u64,
}

impl FileShown {
    /// Whether its sender calls it a picture, and less than 1 MB of one.
    pub fn is_small_picture(&self) -> bool {
        let kinds = ["image/png", "image/jpeg", "image/webp", "image/gif"];
        self.size < 1 << 20 && kinds.contains(&self.media_type.as_str())
    }
}

/// Everything about the files of a room.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Files {
    known: Map<FileRef, FileState>,
    /// What could not be offered, in sentences.
    pub troubles: Vec<String>,
    /// The file that is being read before it is offered.
    pub preparing: Option<String>,
}

/// One file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileState {
    /// How far it is.
    pub stage: Stage,
    /// What the others said to it, if it is ours: the last word of each.
    pub answers: Vec<Answered>,
    /// What of it can be shown here.
    pub preview: Option<Preview>,
}

/// How far a file is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stage {
    /// Nothing moves.
    #[default]
    Offered,
    /// It was accepted here and has not begun to come.
    Asked,
    /// It comes, or goes.
    Moving {
        /// Bytes that are through.
        done: u64,
        /// Bytes altogether.
        total: u64,
        /// How fast it goes.
        per_second: u64,
    },
    /// It is here and can be saved.
    Here {
        /// Its length.
        bytes: u64,
        /// How long it took.
        took: Duration,
    },
    /// It was declined here.
    Denied,
    /// It was stopped here.
    Stopped,
    /// It will not come.
    Failed(FileTrouble),
}

/// What somebody said to a file of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// Who.
    pub by: PersonId,
    /// Their name then, safe for display.
    pub name: String,
    /// What.
    pub answer: Answer,
}

/// What can be shown of a file that is here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Preview {
    /// A picture that was decoded and drawn anew, as a blob of this page.
    Picture(String),
    /// A picture that is too large to be decoded safely.
    TooLarge,
    /// Something to listen to, as a blob of this page.
    Sound(String),
    /// The beginning of a text, as it was written: hostile.
    Text {
        /// What is shown.
        text: Rc<str>,
        /// There is more in the file.
        is_cut: bool,
    },
}

/// What happens to files.
#[derive(Clone, Debug, PartialEq)]
pub enum FileAction {
    /// It was accepted, declined or stopped here, or news came of it.
    Stage(FileRef, Stage),
    /// Somebody answered.
    Answered(FileRef, Answered),
    /// What can be shown of it is ready.
    Preview(FileRef, Preview),
    /// A file is being read; `None` when that is over.
    Preparing(Option<String>),
    /// Something could not be offered.
    Trouble(String),
    /// The sentences were read.
    TroublesRead,
}

impl Files {
    /// What is known of a file.
    pub fn get(&self, file: FileRef) -> Option<&FileState> {
        self.known.get(&file)
    }

    pub(super) fn apply(&mut self, action: FileAction) {
        match action {
            FileAction::Stage(file, stage) => self.known.get_or_default(file).stage = stage,
            FileAction::Answered(file, answered) => {
                let answers = &mut self.known.get_or_default(file).answers;
                answers.retain(|known| known.by != answered.by);
                answers.push(answered);
            }
            FileAction::Preview(file, preview) => {
                self.known.get_or_default(file).preview = Some(preview);
            }
            FileAction::Preparing(name) => self.preparing = name,
            FileAction::Trouble(sentence) => self.troubles.push(sentence),
            FileAction::TroublesRead => self.troubles.clear(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crypto::wire::{FileId, SenderId};

    const FILE: FileRef = FileRef {
        from: SenderId([1; 16]),
        file: FileId([2; 16]),
    };

    #[test]
    fn the_last_word_of_everybody_counts() {
        let mut files = Files::default();
        let said = |name: &str, by: u8, answer| {
            let answered = Answered {
                by: PersonId([by; 16]),
                name: name.to_owned(),
                answer,
            };
            FileAction::Answered(FILE, answered)
        };
        files.apply(said("Bo", 1, Answer::Accepted));
        files.apply(said("Cy", 2, Answer::Denied));
        files.apply(said("Bo", 1, Answer::Received));
        let answers = &files.get(FILE).unwrap().answers;
        let last: Vec<_> = answers
            .iter()
            .map(|it| (it.name.as_str(), it.answer))
            .collect();
        assert_eq!(last, [("Cy", Answer::Denied), ("Bo", Answer::Received)]);
    }

    #[test]
    fn a_small_picture_is_small_and_a_picture() {
        let file = |media_type: &str, size| FileShown {
            file: Some(FILE),
            name: FileName::of("a.png"),
            media_type: media_type.to_owned(),
            size,
        };
        assert!(file("image/png", (1 << 20) - 1).is_small_picture());
        for (media_type, size) in [("image/png", 1 << 20), ("image/svg+xml", 9), ("", 9)] {
            assert!(!file(media_type, size).is_small_picture(), "{media_type}");
        }
    }

    #[test]
    fn a_file_keeps_its_picture_whatever_happens_to_it() {
        let mut files = Files::default();
        let preview = Preview::Picture("blob:1".to_owned());
        files.apply(FileAction::Preview(FILE, preview.clone()));
        files.apply(FileAction::Stage(FILE, Stage::Denied));
        let state = files.get(FILE).unwrap();
        assert_eq!(
            (state.stage, &state.preview),
            (Stage::Denied, &Some(preview))
        );
    }
}
