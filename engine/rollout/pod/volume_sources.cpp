// SPDX-License-Identifier: GPL-3.0-or-later
#include "rollout/pod/volume_sources.h"

#include "base/text.h"
#include "rollout/pod/name_rules.h"
#include "rollout/pod/path_check.h"
#include "rollout/pod/volume_check.h"

#include <algorithm>
#include <array>

namespace tiphys::rollout {

using object::Value;

namespace {

constexpr std::string_view kHostPairs = "must be a host:port pair or multiple pairs separated by commas";

/// Texts that must be there.
void need(const Value &source, const FieldPath &path, Findings &findings, std::initializer_list<const char *> keys)
{
    for (const char *key : keys) {
        if (textIn(source, key).empty())
            findings.required(path.child(key));
    }
}

void checkSecretName(const Value &source, const FieldPath &path, Findings &findings)
{
    const Value secret = source["secretRef"];
    if (isSet(secret) && textIn(secret, "name").empty())
        findings.required(path.child("secretRef.name"));
}

void checkFiles(const Value &source, const FieldPath &path, Findings &findings)
{
    checkMode(source["defaultMode"], path.child("defaultMode"), findings);
    eachItem(source["items"], path.child("items"),
             [&](const Value &file, const FieldPath &filePath) { checkKeyFile(file, filePath, findings); });
}

void checkPartition(const Value &source, const FieldPath &path, Findings &findings)
{
    // None is 0, whatever the text says.
    const std::int64_t partition = source["partition"].intOr(0);
    if (partition != 0)
        findings.inRange(path.child("partition"), partition, 1, 255);
}

void checkHostPath(const Value &source, const FieldPath &path, Findings &findings)
{
    const std::string_view place = textIn(source, "path");
    if (place.empty()) {
        findings.required(path.child("path"));
        return;
    }
    checkNoBackstep(place, path.child("path"), findings);
    findings.oneOf(
        path.child("type"), source["type"],
        {"", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket"});
}

void checkGitRepo(const Value &source, const FieldPath &path, Findings &findings)
{
    need(source, path, findings, {"repository"});
    checkDescending(textIn(source, "directory"), path.child("directory"), findings);
}

void checkGceDisk(const Value &source, const FieldPath &path, Findings &findings)
{
    need(source, path, findings, {"pdName"});
    checkPartition(source, path, findings);
}

void checkAwsDisk(const Value &source, const FieldPath &path, Findings &findings)
{
    need(source, path, findings, {"volumeID"});
    checkPartition(source, path, findings);
}

void checkSecret(const Value &source, const FieldPath &path, Findings &findings)
{
    need(source, path, findings, {"secretName"});
    checkFiles(source, path, findings);
}

void checkConfigMap(const Value &source, const FieldPath &path, Findings &findings)
{
    need(source, path, findings, {"name"});
    checkFiles(source, path, findings);
}

void checkNfs(const Value &source, const FieldPath &path, Findings &findings)
{
    need(source, path, findings, {"server", "path"});
    if (!textIn(source, "path").starts_with('/'))
        findings.invalid(path.child("path"), Value(textIn(source, "path")), "must be an absolute path");
}

bool isWord(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// "eui." and "naa." with so many letters and digits behind one character.
bool isFixedName(std::string_view name, std::size_t length)
{
    return name.size() == 4 + length && std::ranges::all_of(name.substr(4), isWord);
}

/// "iqn.2001-04.com.example:storage" anywhere in the text, up to its end.
bool isQualifiedInitiator(std::string_view name)
{
    const auto isDigits = [](std::string_view text) {
        return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    };
    const auto isTarget = [](std::string_view text) {
        return !text.empty()
               && std::ranges::none_of(text, [](char c) { return std::string_view(",;*&$| \t\n\f\r").contains(c); });
    };
    const auto isAuthority = [](std::string_view text) {
        // The class [[:alnum:]-.] holds a range of nothing else than these.
        return !text.empty() && std::ranges::all_of(text, [](char c) { return isWord(c) || c == '-' || c == '.'; });
    };
    for (std::size_t at = name.find("iqn."); at != std::string_view::npos; at = name.find("iqn.", at + 1)) {
        const std::string_view rest = name.substr(at + 4);
        const std::size_t colon = rest.find(':');
        if (colon == std::string_view::npos || colon < 9 || rest[4] != '-' || rest[7] != '.')
            continue;
        if (isDigits(rest.substr(0, 4)) && isDigits(rest.substr(5, 2)) && isAuthority(rest.substr(8, colon - 8))
            && isTarget(rest.substr(colon + 1)))
            return true;
    }
    return false;
}

void checkInitiator(std::string_view name, const FieldPath &path, Findings &findings)
{
    constexpr std::size_t kEui = 16;
    constexpr std::size_t kNaa = 32;
    const bool isQualified = name.starts_with("iqn");
    const bool isExtended = name.starts_with("eui");
    const bool isNetwork = name.starts_with("naa");
    if (!isQualified && !isExtended && !isNetwork)
        findings.invalid(path, Value(name), "must be valid format starting with iqn, eui, or naa");
    else if (isQualified ? !isQualifiedInitiator(name) : !isFixedName(name, isExtended ? kEui : kNaa))
        findings.invalid(path, Value(name), "must be valid format");
}

void checkIscsi(const Value &source, const FieldPath &path, Findings &findings)
{
    need(source, path, findings, {"targetPortal", "iqn"});
    if (!textIn(source, "iqn").empty())
        checkInitiator(textIn(source, "iqn"), path.child("iqn"), findings);
    findings.inRange(path.child("lun"), source["lun"].intOr(0), 0, 255);
    if (isSet(source["initiatorName"]))
        checkInitiator(textIn(source, "initiatorName"), path.child("initiatorname"), findings);
}

void checkGlusterfs(const Value &source, const FieldPath &path, Findings &findings)
{
    // What is written there is lost on the way.
    findings.required(path.child("endpoints"));
    need(source, path, findings, {"path"});
}

void checkFlocker(const Value &source, const FieldPath &path, Findings &findings)
{
    const std::string_view name = textIn(source, "datasetName");
    const std::string_view uuid = textIn(source, "datasetUUID");
    if (name.empty() && uuid.empty())
        findings.required(path, "one of datasetName and datasetUUID is required");
    if (!name.empty() && !uuid.empty())
        findings.invalid(path, "resource", "datasetName and datasetUUID can not be specified simultaneously");
    if (name.contains('/'))
        findings.invalid(path.child("datasetName"), Value(name), "must not contain '/'");
}

void checkClaim(const Value &source, const FieldPath &path, Findings &findings)
{
    need(source, path, findings, {"claimName"});
}

void checkRbd(const Value &, const FieldPath &path, Findings &findings)
{
    // What is written there is lost on the way.
    findings.required(path.child("monitors"));
    findings.required(path.child("image"));
}

void checkCinder(const Value &source, const FieldPath &path, Findings &findings)
{
    need(source, path, findings, {"volumeID"});
    checkSecretName(source, path, findings);
}

void checkCephFs(const Value &source, const FieldPath &path, Findings &findings)
{
    if (source["monitors"].size() == 0)
        findings.required(path.child("monitors"));
}

/// "host:port", where a host with colons stands in brackets.
bool isHostPair(std::string_view pair)
{
    const std::size_t colon = pair.rfind(':');
    if (colon == std::string_view::npos)
        return false;
    std::string_view host = pair.substr(0, colon);
    if (host.starts_with('[')) {
        if (!host.ends_with(']'))
            return false;
        host = host.substr(1, host.size() - 2);
        return !host.contains('[') && !host.contains(']');
    }
    return !host.contains(':') && !pair.contains('[') && !pair.contains(']');
}

void checkQuobyte(const Value &source, const FieldPath &path, Findings &findings)
{
    constexpr std::size_t kTenantLength = 65;
    const std::string_view registry = textIn(source, "registry");
    if (registry.empty()) {
        findings.required(path.child("registry"), kHostPairs);
    } else if (textIn(source, "tenant").size() >= kTenantLength) {
        findings.required(path.child("tenant"), "must be a UUID and may not exceed a length of 64 characters");
    } else {
        for (const std::string_view pair : split(registry, ',')) {
            if (!isHostPair(pair))
                findings.invalid(path.child("registry"), Value(registry), kHostPairs);
        }
    }
    need(source, path, findings, {"volume"});
}

void checkDownward(const Value &source, const FieldPath &path, Findings &findings)
{
    checkMode(source["defaultMode"], path.child("defaultMode"), findings);
    const Value files = source["items"];
    for (const Value &file : files.items())
        checkDownwardFile(file, path, findings);
}

void checkFibreChannel(const Value &source, const FieldPath &path, Findings &findings)
{
    const Value names = source["targetWWNs"];
    const bool hasIds = source["wwids"].size() > 0;
    const FieldPath namesPath = path.child("targetWWNs");
    if (names.size() == 0 && !hasIds)
        findings.required(namesPath, "must specify either targetWWNs or wwids, but not both");
    if (names.size() > 0 && hasIds)
        findings.invalid(namesPath, names, "targetWWNs and wwids can not be specified simultaneously");
    if (names.size() == 0)
        return;
    if (const std::optional<std::int64_t> lun = numberIn(source, "lun"))
        findings.inRange(path.child("lun"), *lun, 0, 255);
    else
        findings.required(path.child("lun"), "lun is required if targetWWNs is specified");
}

void checkFlexVolume(const Value &source, const FieldPath &path, Findings &findings)
{
    need(source, path, findings, {"driver"});
    const FieldPath optionsPath = path.child("options");
    for (const auto &[key, value] : source["options"].sortedEntries()) {
        const std::string group = "." + asciiLower(key.substr(0, key.find('/')));
        if (group.ends_with(".kubernetes.io") || group.ends_with(".k8s.io"))
            findings.invalid(optionsPath.key(key), Value(key), "kubernetes.io and k8s.io namespaces are reserved");
    }
}

void checkAzureFile(const Value &source, const FieldPath &path, Findings &findings)
{
    need(source, path, findings, {"secretName", "shareName"});
}

void checkVsphere(const Value &source, const FieldPath &path, Findings &findings)
{
    need(source, path, findings, {"volumePath"});
}

void checkPhoton(const Value &source, const FieldPath &path, Findings &findings)
{
    need(source, path, findings, {"pdID"});
}

void checkPortworx(const Value &source, const FieldPath &path, Findings &findings)
{
    need(source, path, findings, {"volumeID"});
}

void checkAzureDisk(const Value &source, const FieldPath &path, Findings &findings)
{
    need(source, path, findings, {"diskName"});
    // The address of the disk is lost on the way.
    findings.required(path.child("diskURI"));
    const Value kind = isSet(source["kind"]) ? source["kind"] : Value("Shared");
    findings.oneOf(path.child("cachingMode"), source["cachingMode"], {"None", "ReadOnly", "ReadWrite"});
    findings.oneOf(path.child("kind"), kind, {"Dedicated", "Managed", "Shared"});
    if (kind.stringOr() == "Managed")
        findings.notSupported(path.child("diskURI"), "",
                              {"/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/"
                               "{disk-id}"});
    else
        findings.notSupported(path.child("diskURI"), "",
                              {"https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd"});
}

void checkStorageOs(const Value &source, const FieldPath &path, Findings &findings)
{
    need(source, path, findings, {"volumeName"});
    for (const char *key : {"volumeName", "volumeNamespace"}) {
        if (const std::string_view name = textIn(source, key); !name.empty())
            findings.each(path.child(key), name, dnsLabelProblems(name));
    }
    checkSecretName(source, path, findings);
}

void checkScaleIo(const Value &source, const FieldPath &path, Findings &findings)
{
    need(source, path, findings, {"gateway", "system", "volumeName"});
}

void checkCsi(const Value &source, const FieldPath &path, Findings &findings)
{
    constexpr std::size_t kDriverLength = 63;
    const std::string_view driver = textIn(source, "driver");
    const FieldPath driverPath = path.child("driver");
    if (driver.empty())
        findings.required(driverPath);
    if (driver.size() > kDriverLength)
        findings.tooLong(driverPath, kDriverLength);
    findings.each(driverPath, driver, dnsSubdomainProblems(asciiLower(driver)));
    const Value secret = source["nodePublishSecretRef"];
    if (!isSet(secret))
        return;
    const std::string_view name = textIn(secret, "name");
    if (name.empty())
        findings.required(path.child("nodePublishSecretRef.name"));
    else
        findings.each(path.child("name"), name, dnsSubdomainProblems(name));
}

void checkEphemeral(const Value &source, const FieldPath &path, Findings &findings)
{
    const Value claim = source["volumeClaimTemplate"];
    const FieldPath claimPath = path.child("volumeClaimTemplate");
    if (isSet(claim))
        checkClaimSpec(claim["spec"], claimPath.child("spec"), findings);
    else
        findings.required(claimPath);
}

void checkImage(const Value &source, const FieldPath &path, Findings &findings)
{
    if (textIn(source, "pullPolicy").empty())
        findings.required(path.child("pullPolicy"));
    else
        findings.oneOf(path.child("pullPolicy"), source["pullPolicy"], {"Always", "IfNotPresent", "Never"});
}

constexpr std::array kSources = {
    VolumeSource{"hostPath", "hostPath", "hostPath", checkHostPath},
    VolumeSource{"gitRepo", "gitRepo", "gitRepo", checkGitRepo},
    VolumeSource{"gcePersistentDisk", "gcePersistentDisk", "persistentDisk", checkGceDisk},
    VolumeSource{"awsElasticBlockStore", "awsElasticBlockStore", "awsElasticBlockStore", checkAwsDisk},
    VolumeSource{"secret", "secret", "secret", checkSecret},
    VolumeSource{"nfs", "nfs", "nfs", checkNfs},
    VolumeSource{"iscsi", "iscsi", "iscsi", checkIscsi},
    VolumeSource{"glusterfs", "glusterfs", "glusterfs", checkGlusterfs},
    VolumeSource{"flocker", "flocker", "flocker", checkFlocker},
    VolumeSource{"persistentVolumeClaim", "persistentVolumeClaim", "persistentVolumeClaim", checkClaim},
    VolumeSource{"rbd", "rbd", "rbd", checkRbd},
    VolumeSource{"cinder", "cinder", "cinder", checkCinder},
    VolumeSource{"cephfs", "cephFS", "cephfs", checkCephFs},
    VolumeSource{"quobyte", "quobyte", "quobyte", checkQuobyte},
    VolumeSource{"downwardAPI", "downwarAPI", "downwardAPI", checkDownward},
    VolumeSource{"fc", "fc", "fc", checkFibreChannel},
    VolumeSource{"flexVolume", "flexVolume", "flexVolume", checkFlexVolume},
    VolumeSource{"configMap", "configMap", "configMap", checkConfigMap},
    VolumeSource{"azureFile", "azureFile", "azureFile", checkAzureFile},
    VolumeSource{"vsphereVolume", "vsphereVolume", "vsphereVolume", checkVsphere},
    VolumeSource{"photonPersistentDisk", "photonPersistentDisk", "photonPersistentDisk", checkPhoton},
    VolumeSource{"portworxVolume", "portworxVolume", "portworxVolume", checkPortworx},
    VolumeSource{"azureDisk", "azureDisk", "azureDisk", checkAzureDisk},
    VolumeSource{"storageos", "storageos", "storageos", checkStorageOs},
    VolumeSource{"projected", "projected", "projected", checkProjected},
    VolumeSource{"scaleIO", "scaleIO", "scaleIO", checkScaleIo},
    VolumeSource{"csi", "csi", "csi", checkCsi},
    VolumeSource{"ephemeral", "ephemeral", "ephemeral", checkEphemeral},
    VolumeSource{"image", "image", "image", checkImage},
};

} // namespace

std::span<const VolumeSource> volumeSources()
{
    return kSources;
}

void checkInitiatorLength(const Value &volume, const FieldPath &path, Findings &findings)
{
    constexpr std::size_t kMost = 64;
    const Value source = volume["iscsi"];
    const std::string_view name = textIn(volume, "name");
    if (isSet(source["initiatorName"]) && name.size() + 1 + textIn(source, "targetPortal").size() > kMost)
        findings.invalid(path.child("name"), Value(name),
                         "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if "
                         "iscsi.initiatorName is specified.");
}

} // namespace tiphys::rollout
