//! Judging an answer: what it breaks, and what the provider says itself.

use super::{Answer, Error, Result, State, decode_dynamic, proto};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::path::{Path, Step};
use crate::rules::{self, Rule, Violation};
use crate::schema::Block;
use crate::value::{Type, Value};

/// The judgement of one answer, collected while it is read.
pub(super) struct Verdict {
    call: String,
    found: Vec<Violation>,
    diagnostics: Diagnostics,
    /// Whether a value of the answer could not be read, which leaves nothing else to judge.
    unreadable: bool,
}

impl Verdict {
    /// Begins with the diagnostics of the answer to `rpc`, which is about `subject`.
    pub(super) fn new(rpc: &str, subject: &str, block: &Block, diagnostics: Vec<proto::Diagnostic>) -> Self {
        let mut verdict = Self {
            call: call(rpc, subject),
            found: Vec::new(),
            diagnostics: Diagnostics::default(),
            unreadable: false,
        };
        for diagnostic in diagnostics {
            match read_diagnostic(diagnostic) {
                Ok(diagnostic) => verdict.diagnostics.push(diagnostic),
                Err(violation) => verdict.found.push(violation),
            }
        }
        verdict.found(rules::diagnostics(block, &verdict.diagnostics));
        verdict
    }

    /// Whether the provider answers with errors.
    pub(super) fn failed(&self) -> bool {
        self.diagnostics.has_error()
    }

    /// Whether a rule is broken.
    pub(super) fn broken(&self) -> bool {
        !self.found.is_empty()
    }

    /// Adds what was found.
    pub(super) fn found(&mut self, violations: Vec<Violation>) {
        if !self.unreadable {
            self.found.extend(violations);
        }
    }

    /// Reads a value of the answer. What is no value of the type breaks the rule that it should be.
    pub(super) fn read(&mut self, message: Option<&proto::DynamicValue>, ty: &Type) -> Value {
        decode_dynamic(message, ty).unwrap_or_else(|problem| {
            self.found
                .push(Violation::new(&Path::default(), Rule::Conforming, problem));
            self.unreadable = true;
            Value::Null
        })
    }

    /// Reads an identity of the answer. One that nothing is announced for breaks the rule that it should be.
    pub(super) fn identity(
        &mut self,
        schema: Option<&Block>,
        told: Option<&proto::ResourceIdentityData>,
    ) -> Value {
        let data = told.and_then(|told| told.identity_data.as_ref());
        let (Some(schema), Some(data)) = (schema, data) else {
            if data.is_some() {
                self.found(rules::planned_identity(None, &Value::UNKNOWN));
            }
            return Value::Null;
        };
        decode_dynamic(Some(data), &schema.ty()).unwrap_or_else(|problem| {
            self.found.push(Violation::new(
                &Path::default(),
                Rule::IdentityConforming,
                problem,
            ));
            Value::Null
        })
    }

    /// Rule 23.
    pub(super) fn not_legacy(&mut self, legacy: bool) {
        if legacy {
            let message = "the answer claims to come from the legacy SDK";
            self.found
                .push(Violation::new(&Path::default(), Rule::NotLegacy, message));
        }
    }

    /// Rule 34. A deferral that is allowed is an error of its own, because there is no result.
    pub(super) fn not_deferred(&mut self, deferred: Option<proto::Deferred>, allowed: bool) -> Result<()> {
        let Some(deferred) = deferred else { return Ok(()) };
        let reason = deferred.reason().as_str_name().to_owned();
        if !allowed {
            let message =
                format!("the change is deferred, which the client does not allow; the reason is {reason}");
            self.found
                .push(Violation::new(&Path::default(), Rule::NotDeferred, message));
            return Ok(());
        }
        let call = self.call.clone();
        Err(Error::Deferred { call, reason })
    }

    /// The end: broken rules first, then the provider's own errors, and else the result.
    pub(super) fn end<T>(self, value: T) -> Result<Answer<T>> {
        self.end_with(value, None)
    }

    /// The same, where an apply that fails leaves something.
    pub(super) fn end_with<T>(self, value: T, left: Option<State>) -> Result<Answer<T>> {
        let Self {
            call,
            found,
            diagnostics,
            ..
        } = self;
        if !found.is_empty() {
            return Err(Error::Violations { call, found });
        }
        if diagnostics.has_error() {
            return Err(Error::Diagnostics {
                call,
                diagnostics,
                left: left.map(Box::new),
            });
        }
        Ok(Answer {
            value,
            warnings: diagnostics,
        })
    }
}

/// A call that failed as such.
pub(super) fn failed(rpc: &str, subject: &str) -> impl FnOnce(tonic::Status) -> Error {
    let call = call(rpc, subject);
    |status| Error::Status {
        call,
        status: Box::new(status),
    }
}

fn call(rpc: &str, subject: &str) -> String {
    if subject.is_empty() {
        rpc.to_owned()
    } else {
        format!("{rpc} of {subject}")
    }
}

fn read_diagnostic(diagnostic: proto::Diagnostic) -> std::result::Result<Diagnostic, Violation> {
    let path = diagnostic.attribute.as_ref().map(read_path);
    let severity = match diagnostic.severity() {
        proto::Severity::Error => Severity::Error,
        proto::Severity::Warning => Severity::Warning,
        proto::Severity::Invalid => {
            let message = format!(
                "the diagnostic {:?} is neither error nor warning",
                diagnostic.summary
            );
            return Err(Violation::new(
                &path.unwrap_or_default(),
                Rule::Diagnostic,
                message,
            ));
        }
    };
    Ok(Diagnostic {
        severity,
        summary: diagnostic.summary,
        detail: diagnostic.detail,
        path,
    })
}

/// Reads a path. A step without a selector leads nowhere, as an attribute without a name does.
pub(super) fn read_path(path: &proto::AttributePath) -> Path {
    use proto::path_step::Selector;
    let steps = path.steps.iter().map(|step| match &step.selector {
        Some(Selector::AttributeName(name)) => Step::Attribute(name.clone()),
        Some(Selector::ElementKeyString(key)) => Step::Key(key.clone()),
        Some(Selector::ElementKeyInt(index)) => Step::Index(*index),
        None => Step::Attribute(String::new()),
    });
    steps.fold(Path::default(), Path::join)
}
