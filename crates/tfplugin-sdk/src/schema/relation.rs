//! Rules between attributes: which exclude, need or replace each other.

use super::{Content, objects};
use crate::diagnostic::Diagnostic;
use crate::path::Path;
use crate::value::Value;

/// A rule between members of an object.
///
/// Members are named as seen from the object: `note` is beside the others, `limit.most` is in one of them, and
/// `/owner.name` begins at the root. What passes through a collection means any of its elements. Values that are not known
/// yet never break a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// What the rule is.
    pub kind: RelationKind,
    /// The member whose validation checks it, which is one of the object's own.
    pub owner: &'static str,
    /// What it is about.
    pub members: Vec<&'static str>,
}

/// What a rule between members is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelationKind {
    /// At most one is set.
    Conflict,
    /// At least one is set.
    AtLeastOne,
    /// One is set, and no other.
    ExactlyOne,
    /// All are set, or none.
    Together,
    /// The first is set only if all others are.
    Needs,
    /// The first is a write-only attribute, and the second is changed to have it written again. Both are set, or neither.
    Version,
}

/// Whether something is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Presence {
    Set,
    Unset,
    Unknown,
}

/// An object, what it consists of, and where it is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot<'a> {
    pub(super) content: Content<'a>,
    pub(super) object: &'a Value,
    pub(super) path: &'a Path,
}

impl Relation {
    /// What the documentation of `member` says of the rule, as a sentence.
    pub(crate) fn sentence(&self, member: &str) -> Option<String> {
        let others = || {
            let others = self.members.iter().copied();
            and(&others.filter(|other| *other != member).collect::<Vec<_>>())
        };
        let all = || and(&self.members);
        let is_first = self.members.first() == Some(&member);
        Some(match self.kind {
            RelationKind::Conflict => format!("Conflicts with {}.", others()),
            RelationKind::AtLeastOne => format!("At least one of {} must be set.", all()),
            RelationKind::ExactlyOne => format!("Exactly one of {} must be set.", all()),
            RelationKind::Together => format!("Must be set together with {}.", others()),
            RelationKind::Needs if is_first => format!("Needs {} to be set as well.", others()),
            RelationKind::Needs => return None,
            RelationKind::Version if is_first => format!(
                "Must be set together with {}: the value is not stored, so only a change of that one has it written \
                 again.",
                others()
            ),
            RelationKind::Version => format!(
                "Must be set together with {}, and changed, for example raised by one, to have its value written again.",
                others()
            ),
        })
    }

    /// What is wrong, if the rule is broken in the object at `here`.
    pub(super) fn check(&self, here: Spot<'_>, root: Spot<'_>) -> Option<Diagnostic> {
        let presences: Vec<_> = self
            .members
            .iter()
            .map(|member| (*member, presence_of(member, here, root)))
            .collect();
        let which = |wanted: Presence| {
            let members = presences.iter().filter(move |(_, presence)| *presence == wanted);
            members.map(|(member, _)| *member).collect::<Vec<_>>()
        };
        let (set, unset) = (which(Presence::Set), which(Presence::Unset));
        let open = set.len() + unset.len() < presences.len();
        let (summary, detail) = match self.kind {
            RelationKind::Conflict | RelationKind::ExactlyOne if set.len() > 1 => {
                ("Conflicting values", self.too_many(&set))
            }
            RelationKind::ExactlyOne | RelationKind::AtLeastOne if set.is_empty() && !open => {
                ("Missing value", self.too_few())
            }
            RelationKind::Together | RelationKind::Version if !set.is_empty() && !unset.is_empty() => {
                ("Missing value", self.apart(&unset))
            }
            RelationKind::Needs if set.first() == self.members.first() && !unset.is_empty() => {
                ("Missing value", self.alone(&unset))
            }
            _ => return None,
        };
        let path = match set.first() {
            Some(member) => place(member, here, root),
            None => here.path.clone(),
        };
        let diagnostic = Diagnostic::error(summary, detail);
        Some(if path.is_root() {
            diagnostic
        } else {
            diagnostic.at(path)
        })
    }

    fn too_many(&self, set: &[&str]) -> String {
        let most = match self.kind {
            RelationKind::Conflict => "At most",
            _ => "Exactly",
        };
        let (all, set) = (and(&self.members), and(set));
        format!("{most} one of {all} may be set; observed: {set} are. Remove all but one of them.")
    }

    fn too_few(&self) -> String {
        let least = match self.kind {
            RelationKind::ExactlyOne => "Exactly",
            _ => "At least",
        };
        let all = and(&self.members);
        format!("{least} one of {all} must be set; observed: none is. Set one of them.")
    }

    fn apart(&self, unset: &[&str]) -> String {
        let (all, unset) = (and(&self.members), are(unset));
        format!("{all} must be set together; observed: {unset} missing. Set all of them or none.")
    }

    fn alone(&self, unset: &[&str]) -> String {
        let (owner, others, unset) = (self.owner, and(&self.members[1..]), are(unset));
        format!(
            "`{owner}` needs {others}; observed: {unset} missing. Set what is missing, or remove `{owner}`."
        )
    }

    /// The members that the schema does not have.
    pub(super) fn strangers(&self, here: Content<'_>, root: Content<'_>) -> Vec<&'static str> {
        let is_there = |member: &str| match member.strip_prefix('/') {
            Some(member) => root.leads_to(member),
            None => here.leads_to(member),
        };
        let members = self.members.iter().copied();
        members.filter(|member| !is_there(member)).collect()
    }
}

fn are(members: &[&str]) -> String {
    let verb = if members.len() == 1 { "is" } else { "are" };
    format!("{} {verb}", and(members))
}

/// Names as prose: `a`, `b` and `c`.
fn and(names: &[&str]) -> String {
    let names: Vec<_> = names
        .iter()
        .map(|name| format!("`{}`", name.trim_start_matches('/')))
        .collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// Where a diagnostic about a member points: as far as there is one way only.
fn place(member: &str, here: Spot<'_>, root: Spot<'_>) -> Path {
    let (base, member) = match member.strip_prefix('/') {
        Some(member) => (root.path, member),
        None => (here.path, member),
    };
    base.clone().child(member.split('.').next().unwrap_or_default())
}

fn presence_of(member: &str, here: Spot<'_>, root: Spot<'_>) -> Presence {
    match member.strip_prefix('/') {
        Some(member) => presence(member, root.content, root.object),
        None => presence(member, here.content, here.object),
    }
}

fn presence(member: &str, content: Content<'_>, object: &Value) -> Presence {
    if object.is_unknown() {
        return Presence::Unknown;
    }
    let (name, rest) = member
        .split_once('.')
        .map_or((member, None), |(name, rest)| (name, Some(rest)));
    let value = object.attribute(name);
    if value.is_unknown() {
        return Presence::Unknown;
    }
    let Some(rest) = rest else {
        return if content.sets(name, object) {
            Presence::Set
        } else {
            Presence::Unset
        };
    };
    let Some((shape, content)) = content.inner(name) else {
        return Presence::Unset;
    };
    let all = objects(shape, value).into_iter();
    let all: Vec<_> = all.map(|(_, object)| presence(rest, content, object)).collect();
    [Presence::Set, Presence::Unknown]
        .into_iter()
        .find(|wanted| all.contains(wanted))
        .unwrap_or(Presence::Unset)
}
