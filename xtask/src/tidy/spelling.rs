//! Common misspellings. A short list that needs no installing; whole words only, in any case.

use super::Complaint;
use super::source::Source;

/// Wrong and right.
const WORDS: &[(&str, &str)] = &[
    ("accomodate", "accommodate"),
    ("acheive", "achieve"),
    ("acknowlege", "acknowledge"),
    ("adress", "address"),
    ("agressive", "aggressive"),
    ("algorithim", "algorithm"),
    ("allready", "already"),
    ("amoung", "among"),
    ("anonymus", "anonymous"),
    ("apparant", "apparent"),
    ("arguement", "argument"),
    ("authentification", "authentication"),
    ("availible", "available"),
    ("begining", "beginning"),
    ("beleive", "believe"),
    ("calender", "calendar"),
    ("cancelation", "cancellation"),
    ("cipertext", "ciphertext"),
    ("commited", "committed"),
    ("compatability", "compatibility"),
    ("concious", "conscious"),
    ("connexion", "connection"),
    ("consistant", "consistent"),
    ("cryptograhpy", "cryptography"),
    ("definately", "definitely"),
    ("dependancies", "dependencies"),
    ("dependancy", "dependency"),
    ("desciption", "description"),
    ("diffrent", "different"),
    ("disapear", "disappear"),
    ("embarass", "embarrass"),
    ("encryted", "encrypted"),
    ("enviroment", "environment"),
    ("exectuable", "executable"),
    ("existance", "existence"),
    ("explicitely", "explicitly"),
    ("facor", "factor"),
    ("fingerpint", "fingerprint"),
    ("foward", "forward"),
    ("funtion", "function"),
    ("garantee", "guarantee"),
    ("guarentee", "guarantee"),
    ("happend", "happened"),
    ("heigth", "height"),
    ("hierachy", "hierarchy"),
    ("identitiy", "identity"),
    ("immediatly", "immediately"),
    ("implemenation", "implementation"),
    ("independant", "independent"),
    ("indentity", "identity"),
    ("initalize", "initialize"),
    ("interupt", "interrupt"),
    ("judgement", "judgment"),
    ("knowlege", "knowledge"),
    ("lenght", "length"),
    ("libary", "library"),
    ("maintainance", "maintenance"),
    ("maximium", "maximum"),
    ("messsage", "message"),
    ("mesage", "message"),
    ("mininum", "minimum"),
    ("mispell", "misspell"),
    ("neccessary", "necessary"),
    ("necesary", "necessary"),
    ("noticable", "noticeable"),
    ("occured", "occurred"),
    ("occurence", "occurrence"),
    ("occuring", "occurring"),
    ("ommit", "omit"),
    ("optmize", "optimize"),
    ("overriden", "overridden"),
    ("paramter", "parameter"),
    ("passphase", "passphrase"),
    ("peform", "perform"),
    ("permanant", "permanent"),
    ("posible", "possible"),
    ("postion", "position"),
    ("preceeding", "preceding"),
    ("prefered", "preferred"),
    ("privelege", "privilege"),
    ("privledge", "privilege"),
    ("proccess", "process"),
    ("propery", "property"),
    ("protocoll", "protocol"),
    ("publically", "publicly"),
    ("recieve", "receive"),
    ("recieved", "received"),
    ("reciever", "receiver"),
    ("recomend", "recommend"),
    ("refered", "referred"),
    ("relavent", "relevant"),
    ("repitition", "repetition"),
    ("reponse", "response"),
    ("resistent", "resistant"),
    ("responsability", "responsibility"),
    ("retreive", "retrieve"),
    ("secruity", "security"),
    ("seperate", "separate"),
    ("seperated", "separated"),
    ("seperator", "separator"),
    ("sequnce", "sequence"),
    ("shoud", "should"),
    ("similiar", "similar"),
    ("sucess", "success"),
    ("succesful", "successful"),
    ("successfull", "successful"),
    ("supress", "suppress"),
    ("suprise", "surprise"),
    ("synchonize", "synchronize"),
    ("teh", "the"),
    ("threshhold", "threshold"),
    ("thru", "through"),
    ("tommorow", "tomorrow"),
    ("transfered", "transferred"),
    ("truely", "truly"),
    ("unecessary", "unnecessary"),
    ("unknow", "unknown"),
    ("untill", "until"),
    ("usefull", "useful"),
    ("verfiy", "verify"),
    ("visable", "visible"),
    ("wich", "which"),
    ("wierd", "weird"),
    ("writen", "written"),
];

/// All complaints of this kind about one file.
pub(super) fn complaints(source: &Source) -> Vec<Complaint> {
    if !source.is_prose_or_code() || source.path == "xtask/src/tidy/spelling.rs" {
        return Vec::new();
    }
    let mut found = Vec::new();
    for line in source.lines() {
        for word in line.text.split(|c: char| !c.is_alphabetic()) {
            let word = word.to_lowercase();
            if let Ok(at) = position(&word) {
                let what = format!("{word}: {}", WORDS[at].1);
                found.push(Complaint::new(&source.path, line.number, what));
            } else if doubled(line.text, &word) {
                let what = format!("{word} {word}");
                found.push(Complaint::new(&source.path, line.number, what));
                break;
            }
        }
    }
    found
}

fn position(word: &str) -> Result<usize, ()> {
    WORDS.iter().position(|(wrong, _)| *wrong == word).ok_or(())
}

/// Small words that a hurried hand types twice.
fn doubled(line: &str, word: &str) -> bool {
    matches!(word, "the" | "and" | "of" | "to" | "is" | "with" | "for")
        && line.to_lowercase().contains(&format!(" {word} {word} "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(text: &str) -> Vec<String> {
        let source = Source {
            path: "docs/a.md".to_owned(),
            text: text.to_owned(),
        };
        complaints(&source)
            .into_iter()
            .map(|complaint| complaint.what)
            .collect()
    }

    #[test]
    fn a_misspelling_is_caught_with_its_correction() {
        assert_eq!(about("Recieve the frame."), ["recieve: receive"]);
        assert_eq!(about("it opens the the room"), ["the the"]);
    }

    #[test]
    fn right_words_are_let_through() {
        assert_eq!(
            about("The relay receives; wherever the rest goes, the theme stays."),
            [""; 0]
        );
    }
}
