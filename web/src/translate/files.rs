//! What happens to files, in the words of the state.

use client::{FileNews, FileOffer, FileRef};
use crypto::wire::SenderId;
use text::FileName;

use super::Translator;
use super::values::id;
use crate::state::{Action, Answered, FileAction, FileShown, Stage};

/// An offer as the log shows it.
pub(super) fn shown(from: SenderId, offer: &FileOffer) -> FileShown {
    let media_type = match offer.media_type.as_str() {
        "" => String::new(),
        hostile => text::display_name(hostile),
    };
    FileShown {
        file: Some(FileRef {
            from,
            file: offer.file,
        }),
        name: FileName::of(&offer.name),
        media_type,
        size: offer.size,
    }
}

impl Translator {
    /// The action that news of a file means; bytes are dealt with elsewhere.
    pub(super) fn file(&self, file: FileRef, news: FileNews) -> Option<Action> {
        let action = match news {
            FileNews::Progress {
                done,
                total,
                per_second,
            } => {
                let stage = Stage::Moving {
                    done,
                    total,
                    per_second,
                };
                FileAction::Stage(file, stage)
            }
            FileNews::Received { bytes, took } => {
                FileAction::Stage(file, Stage::Here { bytes, took })
            }
            FileNews::Failed(why) => FileAction::Stage(file, Stage::Failed(why)),
            FileNews::Answer { by, answer } => {
                let name = self.name(by);
                let by = id(by);
                FileAction::Answered(file, Answered { by, name, answer })
            }
            _ => return None,
        };
        Some(Action::File(action))
    }
}
