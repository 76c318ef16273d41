//! Many small frames as few parcels. A list of everybody in a large room would otherwise take more places in a mailbox
//! than it has.

use crypto::wire::RelayToClient;
use crypto::wire::record::{has_room, push};

use crate::mailbox::{Mailbox, Parcel};

/// From how many frames on a bundle is worth a record of its own.
const WORTHWHILE: usize = 64;

/// Puts all frames into the mailbox, in order.
pub(crate) fn tell_all(mailbox: &Mailbox, frames: &[RelayToClient]) {
    if frames.len() < WORTHWHILE {
        for frame in frames {
            mailbox.tell(frame);
        }
        return;
    }
    let mut record = Vec::new();
    for frame in frames {
        let frame = frame.encode();
        if !has_room(record.len(), frame.len()) {
            mailbox.put(Parcel::Record(std::mem::take(&mut record).into()));
        }
        push(&mut record, &frame, &[]);
    }
    mailbox.put(Parcel::Record(record.into()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limit::{Budget, Limits};
    use crypto::wire::MemberId;
    use crypto::wire::record::split;

    #[test]
    fn a_bundle_reads_like_its_frames_and_fits_a_mailbox() {
        let mailbox = Mailbox::new(&Limits::default(), Budget::new(1 << 20));
        let frames: Vec<_> = (0..20_000_u32)
            .map(|number| {
                let mut id = [0; 16];
                id[..4].copy_from_slice(&number.to_be_bytes());
                RelayToClient::Arrived {
                    member: MemberId(id),
                }
            })
            .collect();
        tell_all(&mailbox, &frames);
        let taken = mailbox.take(usize::MAX);
        assert!(taken.close.is_none());
        assert!(taken.parcels.len() < 5);
        let mut read = Vec::new();
        for parcel in taken.parcels {
            let Parcel::Record(record) = parcel else {
                panic!("expected records")
            };
            read.extend(split(&record).map(|frame| RelayToClient::decode(frame.unwrap()).unwrap()));
        }
        assert_eq!(read, frames);
    }
}
