// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare/defaults_pod.h"

#include "compare/image_tag.h"

#include <algorithm>

namespace tiphys::compare {

using object::Value;

namespace {

constexpr int kFileMode = 0644;
constexpr int kTokenSeconds = 3600;

void requestLimits(Draft &pod, std::string_view list)
{
    Draft *containers = pod.mapAt("spec").find(list);
    if (!containers || !containers->isList())
        return;
    for (Draft &container : containers->items()) {
        Draft *resources = container.find("resources");
        const Draft *limits = resources ? resources->find("limits") : nullptr;
        if (!limits || !limits->isMap())
            continue;
        const Draft::Map wanted = limits->members();
        for (const auto &[name, amount] : wanted) {
            Draft &requests = resources->mapAt("requests");
            if (!requests.contains(name))
                requests.set(name, amount);
        }
    }
}

void exposeHostPorts(Draft &pod, std::string_view list)
{
    Draft *containers = pod.mapAt("spec").find(list);
    if (!containers || !containers->isList())
        return;
    for (Draft &container : containers->items()) {
        Draft *ports = container.find("ports");
        if (!ports || !ports->isList())
            continue;
        for (Draft &port : ports->items()) {
            if (const Draft *number = port.find("containerPort"); number && !number->isZero())
                port.setIfZero("hostPort", number->leaf());
        }
    }
}

void podDefaults(Draft &pod)
{
    requestLimits(pod, "containers");
    requestLimits(pod, "initContainers");
    Draft &spec = pod.mapAt("spec");
    spec.setIfNull("enableServiceLinks", Value(true));
    if (const Draft *host = spec.find("hostNetwork"); host && host->leaf().boolOr(false)) {
        exposeHostPorts(pod, "containers");
        exposeHostPorts(pod, "initContainers");
    }
}

void podSpecDefaults(Draft &spec)
{
    spec.setIfZero("dnsPolicy", "ClusterFirst");
    spec.setIfZero("restartPolicy", "Always");
    spec.setIfNull("securityContext", Value::map({}));
    spec.setIfNull("terminationGracePeriodSeconds", 30);
    spec.setIfZero("schedulerName", "default-scheduler");
}

void containerDefaults(Draft &container)
{
    const Draft *image = container.find("image");
    const bool isLatest = image && isLatestImage(image->text());
    container.setIfZero("imagePullPolicy", isLatest ? "Always" : "IfNotPresent");
    container.setIfZero("terminationMessagePath", "/dev/termination-log");
    container.setIfZero("terminationMessagePolicy", "File");
}

void imageVolumeDefaults(Draft &image)
{
    const Draft *reference = image.find("reference");
    const bool isLatest = reference && isLatestImage(reference->text());
    image.setIfZero("pullPolicy", isLatest ? "Always" : "IfNotPresent");
}

void probeDefaults(Draft &probe)
{
    probe.setIfZero("timeoutSeconds", 1);
    probe.setIfZero("periodSeconds", 10);
    probe.setIfZero("successThreshold", 1);
    probe.setIfZero("failureThreshold", 3);
}

void httpGetDefaults(Draft &action)
{
    action.setIfZero("path", "/");
    action.setIfZero("scheme", "HTTP");
}

void volumeDefaults(Draft &volume)
{
    const bool hasSource = std::ranges::any_of(volume.members(), [](const DraftMember &m) { return m.key != "name"; });
    if (!hasSource)
        volume.set("emptyDir", Value::map({}));
}

void fileModeDefaults(Draft &source)
{
    source.setIfNull("defaultMode", kFileMode);
}

void tokenDefaults(Draft &projection)
{
    projection.setIfNull("expirationSeconds", kTokenSeconds);
}

void hostPathDefaults(Draft &source)
{
    source.setIfNull("type", "");
}

void portProtocolDefaults(Draft &port)
{
    port.setIfZero("protocol", "TCP");
}

void fieldSelectorDefaults(Draft &selector)
{
    selector.setIfZero("apiVersion", "v1");
}

void grpcDefaults(Draft &action)
{
    action.setIfNull("service", "");
}

void fileKeyDefaults(Draft &selector)
{
    selector.setIfNull("optional", false);
}

void iscsiDefaults(Draft &source)
{
    source.setIfZero("iscsiInterface", "default");
}

void rbdDefaults(Draft &source)
{
    source.setIfZero("pool", "rbd");
    source.setIfZero("user", "admin");
    source.setIfZero("keyring", "/etc/ceph/keyring");
}

void azureDiskDefaults(Draft &source)
{
    source.setIfNull("cachingMode", "ReadWrite");
    source.setIfNull("fsType", "ext4");
    source.setIfNull("readOnly", false);
    source.setIfNull("kind", "Shared");
}

void scaleIoDefaults(Draft &source)
{
    source.setIfZero("storageMode", "ThinProvisioned");
    source.setIfZero("fsType", "xfs");
}

constexpr NamedDefaultRule kPodRules[] = {
    {"AzureDiskVolumeSource", azureDiskDefaults},
    {"ConfigMapVolumeSource", fileModeDefaults},
    {"Container", containerDefaults},
    {"ContainerPort", portProtocolDefaults},
    {"DownwardAPIVolumeSource", fileModeDefaults},
    {"EphemeralContainer", containerDefaults},
    {"FileKeySelector", fileKeyDefaults},
    {"GRPCAction", grpcDefaults},
    {"HTTPGetAction", httpGetDefaults},
    {"HostPathVolumeSource", hostPathDefaults},
    {"ISCSIPersistentVolumeSource", iscsiDefaults},
    {"ISCSIVolumeSource", iscsiDefaults},
    {"ImageVolumeSource", imageVolumeDefaults},
    {"ObjectFieldSelector", fieldSelectorDefaults},
    {"Pod", podDefaults},
    {"PodSpec", podSpecDefaults},
    {"Probe", probeDefaults},
    {"ProjectedVolumeSource", fileModeDefaults},
    {"RBDPersistentVolumeSource", rbdDefaults},
    {"RBDVolumeSource", rbdDefaults},
    {"ScaleIOPersistentVolumeSource", scaleIoDefaults},
    {"ScaleIOVolumeSource", scaleIoDefaults},
    {"SecretVolumeSource", fileModeDefaults},
    {"ServiceAccountTokenProjection", tokenDefaults},
    {"Volume", volumeDefaults},
};

} // namespace

DefaultRule podDefaultRule(std::string_view model)
{
    constexpr std::string_view package = "io.k8s.api.core.v1.";
    if (!model.starts_with(package))
        return nullptr;
    const auto name = model.substr(package.size());
    const auto found = std::ranges::lower_bound(kPodRules, name, {}, &NamedDefaultRule::model);
    return found != std::end(kPodRules) && found->model == name ? found->rule : nullptr;
}

} // namespace tiphys::compare
