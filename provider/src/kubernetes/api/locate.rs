//! Where an object is found: discovery tells its path, and whether it has a namespace.

use crate::kubernetes::{
    connection::{Connection, Request, Response},
    discovery::{ApiResource, KindLookup},
    error::{Action, ApiError, Failure, Missing, Subject},
    object::ObjectKey,
};

/// An object's place in the cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// How its kind is reached.
    pub resource: ApiResource,
    /// Its key as the cluster has it: with a namespace exactly if its kind has one.
    pub key: ObjectKey,
}

impl Location {
    fn new(resource: ApiResource, key: &ObjectKey) -> Self {
        let mut key = key.clone();
        if !resource.namespaced {
            key.namespace = None;
        } else if key.namespace.is_none() {
            key.namespace = Some("default".to_owned());
        }
        Self { resource, key }
    }

    pub(in crate::kubernetes) fn path(&self) -> String {
        self.resource
            .object_path(self.key.namespace.as_deref(), &self.key.name)
    }

    /// The path of all objects that lie where this one does.
    pub(super) fn collection_path(&self) -> String {
        self.resource.collection_path(self.key.namespace.as_deref())
    }

    pub(in crate::kubernetes) fn subject(&self) -> Subject {
        Subject::Object(self.key.clone())
    }
}

impl Connection {
    /// Where the object is, or would be; none if the cluster does not know its kind.
    ///
    /// A manifest without a namespace means `default`, whatever the kubeconfig's context says: a configuration means
    /// the same wherever it runs. A namespace is taken off where the kind has none, as kubectl does.
    pub async fn locate(&self, key: &ObjectKey) -> Result<Option<Location>, ApiError> {
        match self.find_kind(&key.api_version, &key.kind).await? {
            KindLookup::Found(resource) => Ok(Some(Location::new(resource, key))),
            KindLookup::GroupMissing | KindLookup::KindMissing => Ok(None),
        }
    }

    /// Sends a request about an object. If its path is missing, discovery is asked again: the kind may have come back
    /// in another form, in which the request is sent once more, or be gone.
    pub(super) async fn send_about(
        &self,
        key: &ObjectKey,
        action: Action,
        request_for: impl Fn(&Location) -> Request,
    ) -> Result<(Location, Request, Response), ApiError> {
        let kind_missing = || {
            let missing = Failure::NotFound {
                missing: Missing::Kind,
            };
            ApiError::new(action, Subject::Object(key.clone()), missing)
        };
        let location = self.locate(key).await?.ok_or_else(kind_missing)?;
        let request = request_for(&location);
        let error = match self.send(&request).await {
            Ok(response) => return Ok((location, request, response)),
            Err(error)
                if matches!(
                    error.failure(),
                    Failure::NotFound {
                        missing: Missing::Path
                    }
                ) =>
            {
                error
            }
            Err(error) => return Err(error),
        };
        self.discovery().forget(&key.api_version).await;
        let fresh = self.locate(key).await?.ok_or_else(kind_missing)?;
        if fresh == location {
            return Err(error);
        }
        let request = request_for(&fresh);
        let response = self.send(&request).await?;
        Ok((fresh, request, response))
    }
}
