//! What differs between languages.

/// The marks and words of a family of languages.
pub(super) struct Language {
    /// What people call it, in lower case.
    names: &'static str,
    pub(super) line_comments: &'static [&'static str],
    pub(super) block_comments: &'static [(&'static str, &'static str)],
    /// Characters that begin and end a string.
    pub(super) quotes: &'static str,
    words: &'static str,
    /// Words count in capitals as well.
    pub(super) is_loud: bool,
    /// The word behind a `<` is one of the language.
    pub(super) is_markup: bool,
    /// A lone `'` begins no string.
    pub(super) has_lifetimes: bool,
}

impl Language {
    pub(super) fn has(&self, word: &str) -> bool {
        self.words
            .split(' ')
            .any(|known| known == word || (self.is_loud && known.eq_ignore_ascii_case(word)))
    }
}

/// The language of a name such as `rust` or `JS`.
pub(super) fn find(name: &str) -> Option<&'static Language> {
    let name = name.to_ascii_lowercase();
    LANGUAGES
        .iter()
        .find(|language| !name.is_empty() && language.names.split(' ').any(|known| known == name))
}

const C_LIKE: Language = Language {
    names: "",
    line_comments: &["//"],
    block_comments: &[("/*", "*/")],
    quotes: "\"'",
    words: "",
    is_loud: false,
    is_markup: false,
    has_lifetimes: false,
};

const HASH: Language = Language {
    line_comments: &["#"],
    block_comments: &[],
    ..C_LIKE
};

const LANGUAGES: [Language; 15] = [
    Language {
        names: "rust rs",
        words: "as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod \
                move mut pub ref return self Self static struct super trait true type unsafe use where while bool char str \
                u8 u16 u32 u64 usize i8 i16 i32 i64 isize f32 f64 String Vec Option Result Some None Ok Err Box",
        has_lifetimes: true,
        ..C_LIKE
    },
    Language {
        names: "javascript js jsx mjs typescript ts tsx",
        quotes: "\"'`",
        words: "abstract any as async await boolean break case catch class const continue debugger default delete do else \
                enum export extends false finally for from function if implements import in instanceof interface let \
                namespace new null number of private protected public readonly return static string super switch this throw \
                true try type typeof undefined var void while with yield",
        ..C_LIKE
    },
    Language {
        names: "python py python3",
        words: "and as assert async await break case class continue def del elif else except False finally for from global \
                if import in is lambda match None nonlocal not or pass raise return self True try while with yield int str \
                float list dict set tuple bool print len range",
        ..HASH
    },
    Language {
        names: "c h cpp c++ cc hpp cxx objc arduino",
        words: "alignas auto bool break case catch char class const constexpr continue default delete do double else enum \
                explicit extern false final float for friend goto if inline int long mutable namespace new noexcept nullptr \
                NULL operator override private protected public register return short signed sizeof size_t static struct \
                switch template this throw true try typedef typename union unsigned using virtual void volatile while \
                include define ifdef ifndef endif pragma",
        ..C_LIKE
    },
    Language {
        names: "java kotlin kt scala groovy csharp cs c# dart",
        words: "abstract as async await base bool boolean break byte case catch char class companion const continue data \
                decimal def default do double else enum extends false final finally float for foreach fun get if implements \
                import in init instanceof int interface internal is lateinit lazy let long namespace native new null object \
                open out override package private protected public readonly record return sealed set short static string \
                String struct super suspend switch this throw throws trait true try type typealias using val var virtual \
                void when where while with yield",
        ..C_LIKE
    },
    Language {
        names: "go golang",
        quotes: "\"'`",
        words: "any bool break byte case chan const continue default defer else error fallthrough false float64 for func go \
                goto if import int int64 interface iota len make map new nil package range return rune select string struct \
                switch true type uint64 var",
        ..C_LIKE
    },
    Language {
        names: "swift",
        words: "any as associatedtype async await break case catch class continue default defer deinit do else enum \
                extension false fileprivate for func guard if import in init inout internal is lazy let mutating nil open \
                operator override private protocol public repeat return self Self some static struct subscript super switch \
                throw throws true try typealias var weak where while Int String Double Bool",
        ..C_LIKE
    },
    Language {
        names: "php",
        line_comments: &["//", "#"],
        words: "abstract and array as break case catch class const continue default do echo else elseif empty extends false \
                final finally fn for foreach function global if implements include instanceof interface isset list match \
                namespace new null or print private protected public readonly require require_once return static switch \
                this throw trait true try unset use var while yield php",
        ..C_LIKE
    },
    Language {
        names: "ruby rb elixir ex crystal perl pl r julia jl lua nim",
        line_comments: &["#", "--"],
        block_comments: &[],
        words: "alias and begin break case class def defmodule defp do else elsif elseif end ensure false fn for function if \
                import in include isnt local macro module my next nil not or package print proc puts raise redo repeat \
                require rescue retry return self struct sub super then true TRUE FALSE NULL undef unless until use using \
                var when where while yield",
        ..C_LIKE
    },
    Language {
        names: "bash sh shell zsh fish console terminal dockerfile docker makefile make cmake powershell ps1",
        words: "alias break case cd continue do done echo elif else esac eval exec exit export fi for function if in let \
                local read return set shift source sudo test then trap unset until while ADD ARG CMD COPY ENTRYPOINT ENV \
                EXPOSE FROM LABEL RUN USER VOLUME WORKDIR",
        ..HASH
    },
    Language {
        names: "sql mysql postgres postgresql sqlite plsql",
        line_comments: &["--"],
        words: "add all alter and any as asc begin between bigint boolean by cascade case check column commit constraint \
                count create cross database date default delete desc distinct drop else end exists false foreign from full \
                function grant group having if in index inner insert int integer into is join key left like limit not null \
                numeric offset on or order outer primary references returning right rollback select set sum table text \
                then timestamp transaction trigger true union unique update using values varchar view when where with",
        is_loud: true,
        ..C_LIKE
    },
    Language {
        names: "json jsonc json5",
        words: "true false null",
        ..C_LIKE
    },
    Language {
        names: "yaml yml toml ini conf cfg properties env nginx",
        line_comments: &["#", ";"],
        block_comments: &[],
        words: "true false null yes no on off",
        ..C_LIKE
    },
    Language {
        names: "css scss sass less",
        words: "important media import keyframes supports font-face root from to and not only var calc rgb rgba hsl url auto \
                none inherit initial unset flex grid block inline absolute relative fixed sticky hidden solid",
        ..C_LIKE
    },
    Language {
        names: "html xml svg xhtml vue svelte htm rss",
        line_comments: &[],
        block_comments: &[("<!--", "-->")],
        is_markup: true,
        ..C_LIKE
    },
];
