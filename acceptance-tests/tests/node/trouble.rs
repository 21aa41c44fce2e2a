//! Workloads that will not get ready: the apply says so at once and why, with the last events and log lines; what was
//! written is in the state; and the corrected configuration converges.

use std::time::{Duration, Instant};

use acceptance_tests::{Scenario, scenarios};
use anyhow::{Result, ensure};

/// An image with a shell that the node has already.
const SHELL: &str = "localhost/mlops/shell:1";
/// Well below the ten minutes that a create may take.
const AT_ONCE: Duration = Duration::from_mins(3);
/// What a pod of a namespace with pod security `restricted` must say of each container; the shell's image names no user.
const SECURITY: &str = r#"
    allowPrivilegeEscalation = false
    capabilities             = { drop = ["ALL"] }
    runAsNonRoot             = true
    runAsUser                = 1000660000
    seccompProfile           = { type = "RuntimeDefault" }
"#;

/// A Deployment of one pod with one container; `more` are further fields of the container, `pod` of the pod.
fn deployment(script: &str, image: &str, more: &str, pod: &str) -> String {
    format!(
        r#"
        resource "mlops_manifest" "it" {{
          manifest = {{
            apiVersion = "apps/v1"
            kind       = "Deployment"
            metadata   = {{ name = "web", namespace = "NAMESPACE" }}
            spec = {{
              replicas = 1
              selector = {{ matchLabels = {{ app = "web" }} }}
              template = {{
                metadata = {{ labels = {{ app = "web" }} }}
                spec = {{
                  terminationGracePeriodSeconds = 0
                  {pod}
                  containers = [{{
                    name            = "web"
                    image           = "{image}"
                    imagePullPolicy = "IfNotPresent"
                    command         = ["sh", "-c", {script:?}]
                    securityContext = {{ {SECURITY} }}
                    {more}
                  }}]
                }}
              }}
            }}
          }}
        }}
        "#
    )
}

/// A pod that is well.
fn sound() -> String {
    deployment("sleep 1000", SHELL, "", "")
}

/// Enforces pod security as the modules of this project do.
fn restrict(scenario: &Scenario) -> Result<()> {
    let path = format!("/api/v1/namespaces/{}", scenario.namespace);
    let labels = serde_json::json!({"pod-security.kubernetes.io/enforce": "restricted"});
    scenario
        .cluster
        .merge(&path, &serde_json::json!({"metadata": {"labels": labels}}))?;
    Ok(())
}

/// Applies `broken`, which must fail at once and say `texts`; then the sound one, which must converge.
fn fails_and_is_corrected(
    scenario: &mut Scenario,
    broken: &str,
    corrected: &str,
    texts: &[&str],
) -> Result<()> {
    restrict(scenario)?;
    scenario.configure(broken)?;
    let started = Instant::now();
    scenario.expect_failure("apply", texts)?;
    ensure!(started.elapsed() < AT_ONCE, "it took {:?}", started.elapsed());
    ensure!(
        scenario.find_state("mlops_manifest.it")?.is_some(),
        "the object is not in the state"
    );
    scenario.configure(corrected)?;
    scenario.apply()?;
    Ok(())
}

scenarios! {
    fn an_image_that_cannot_be_pulled(scenario) {
        let broken = deployment("sleep 1000", "localhost:5000/mlops/absent:1", "", "");
        fails_and_is_corrected(scenario, &broken, &sound(), &[
            "apps/v1 Deployment NAMESPACE/web will not be ready",
            "container `web` of Pod `web-",
            "localhost:5000/mlops/absent:1",
            "Last events:",
            "Correct the cause and apply again.",
        ])?;
    }

    fn a_container_that_crashes_again_and_again(scenario) {
        let broken = deployment("echo the model is missing; exit 3", SHELL, "", "");
        fails_and_is_corrected(scenario, &broken, &sound(), &[
            "apps/v1 Deployment NAMESPACE/web will not be ready",
            "CrashLoopBackOff",
            "Last lines of container `web`",
            "the model is missing",
        ])?;
    }

    fn a_pod_that_no_node_takes(scenario) {
        let broken = deployment("sleep 1000", SHELL, "", r#"nodeSelector = { "mlops.example.com/gpu" = "yes" }"#);
        fails_and_is_corrected(scenario, &broken, &sound(), &["no node takes Pod `web-", "Unschedulable", "FailedScheduling"])?;
    }

    fn a_quota_that_is_exceeded(scenario) {
        let quota = r#"
        resource "mlops_manifest" "quota" {
          manifest = {
            apiVersion = "v1"
            kind       = "ResourceQuota"
            metadata   = { name = "small", namespace = "NAMESPACE" }
            spec       = { hard = { "count/pods" = "PODS" } }
          }
        }
        "#;
        let web = sound().replace("manifest = {\n            apiVersion = \"apps/v1\"", "depends_on = [mlops_manifest.quota]\n          manifest = {\n            apiVersion = \"apps/v1\"");
        let with = |pods: &str| format!("{}{web}", quota.replace("PODS", pods));
        fails_and_is_corrected(scenario, &with("0"), &with("5"), &["its Pods cannot be created", "exceeded quota: small"])?;
    }

    fn a_pod_that_pod_security_refuses(scenario) {
        let broken = sound().replace("runAsNonRoot             = true", "runAsNonRoot             = false").replace("drop = [\"ALL\"]", "drop = []");
        fails_and_is_corrected(scenario, &broken, &sound(), &["its Pods cannot be created", "violates PodSecurity"])?;
    }

    fn a_probe_that_never_succeeds(scenario) {
        let broken = deployment("sleep 1000", SHELL, r#"readinessProbe = { exec = { command = ["sh", "-c", "echo not today; exit 1"] }, periodSeconds = 1 }"#, "");
        fails_and_is_corrected(scenario, &broken, &sound(), &[
            "container `web` of Pod `web-",
            "its readiness probe has failed",
            "not today",
        ])?;
    }

    fn a_claim_whose_volume_nobody_makes(scenario) {
        let claim = |class: &str| format!(r#"
        resource "mlops_manifest" "it" {{
          manifest = {{
            apiVersion = "v1"
            kind       = "PersistentVolumeClaim"
            metadata   = {{ name = "data", namespace = "NAMESPACE" }}
            spec = {{
              accessModes      = ["ReadWriteOnce"]
              storageClassName = "{class}"
              resources        = {{ requests = {{ storage = "1Mi" }} }}
            }}
          }}
        }}
        "#);
        fails_and_is_corrected(scenario, &claim("absent"), &claim("local-path"), &["it gets no volume", "storageclass.storage.k8s.io \"absent\" not found"])?;
    }

    fn a_job_that_fails(scenario) {
        let job = |script: &str| format!(r#"
        resource "mlops_manifest" "it" {{
          manifest = {{
            apiVersion = "batch/v1"
            kind       = "Job"
            metadata   = {{ name = "train", namespace = "NAMESPACE" }}
            spec = {{
              backoffLimit = 0
              template = {{
                spec = {{
                  restartPolicy = "Never"
                  containers = [{{
                    name            = "train"
                    image           = "{SHELL}"
                    imagePullPolicy = "IfNotPresent"
                    command         = ["sh", "-c", "{script}"]
                    securityContext = {{ {SECURITY} }}
                  }}]
                }}
              }}
            }}
          }}
        }}
        "#);
        fails_and_is_corrected(scenario, &job("echo the data set is empty; exit 4"), &job("echo trained"), &[
            "batch/v1 Job NAMESPACE/train",
            "BackoffLimitExceeded",
            "Last lines of container `train`",
            "the data set is empty",
        ])?;
    }
}
