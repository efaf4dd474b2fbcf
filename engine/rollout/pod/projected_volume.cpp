// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/text.h"
#include "object/json.h"
#include "rollout/pod/field_reference.h"
#include "rollout/pod/label_check.h"
#include "rollout/pod/name_rules.h"
#include "rollout/pod/path_check.h"
#include "rollout/pod/volume_check.h"

#include <algorithm>
#include <set>

namespace tiphys::rollout {

using object::Value;

namespace {

constexpr std::size_t kDomainLength = 253;
constexpr std::size_t kSignerLength = 571;

/// Parts of \p segment between dots, each of which must be right; the first wrong one is told.
template <typename Rule>
void checkParts(std::string_view segment, Rule rule, const FieldPath &path, Findings &findings)
{
    for (const std::string_view part : split(segment, '.')) {
        const Problems problems = rule(part);
        for (const std::string &problem : problems)
            findings.invalid(path, Value(segment), "validating label \"" + std::string(part) + "\": " + problem);
        if (!problems.empty())
            return;
    }
}

/// Source: k8s.io/kubernetes/pkg/apis/core/validation/names.go (ValidateSignerName)@v1.34.1
void checkSigner(std::string_view name, const FieldPath &path, Findings &findings)
{
    if (name.empty()) {
        findings.required(path);
        return;
    }
    const std::vector<std::string_view> segments = split(name, '/');
    if (segments.size() != 2) {
        findings.invalid(path, Value(name),
                         "must be a fully qualified domain and path of the form 'example.com/signer-name'");
        return;
    }
    if (segments[0].size() > kDomainLength)
        findings.tooLong(path, kDomainLength);
    checkParts(segments[0], dnsLabelProblems, path, findings);
    if (!segments[0].contains('.'))
        findings.invalid(path, Value(segments[0]), "should be a domain with at least two segments separated by dots");
    checkParts(segments[1], dnsSubdomainProblems, path, findings);
    if (name.size() > kSignerLength)
        findings.tooLong(path, kSignerLength);
}

/// Source: k8s.io/kubernetes/pkg/apis/core/validation/names.go (ValidateClusterTrustBundleName)@v1.34.1
Problems bundleNameProblems(std::string_view name)
{
    const std::size_t colon = name.rfind(':');
    if (colon == std::string_view::npos || colon == 0) {
        if (name.contains(':'))
            return {"ClusterTrustBundle without signer name must not have \":\" in its name"};
        return dnsSubdomainProblems(name);
    }
    std::string signer(name.substr(0, colon));
    std::ranges::replace(signer, ':', '/');
    std::string prefix = signer + ":";
    std::ranges::replace(prefix, '/', ':');
    if (!name.starts_with(prefix))
        return {"ClusterTrustBundle for signerName " + signer + " must be named with prefix " + prefix};
    return dnsSubdomainProblems(name.substr(prefix.size()));
}

/// Collects the paths of files of all sources.
class ProjectedCheck
{
public:
    ProjectedCheck(const FieldPath &path, Findings &findings) : m_path(path), m_findings(findings) {}

    void checkSource(const Value &source, const FieldPath &path);

private:
    /// \p value names the source in the complaint.
    void take(std::string_view file, std::string_view value)
    {
        if (!m_files.emplace(file).second)
            m_findings.invalid(m_path, Value(value), "conflicting duplicate paths");
    }
    void checkKeys(const Value &source, const FieldPath &path);
    void checkDownward(const Value &source, const FieldPath &path);
    void checkToken(const Value &source, const FieldPath &path);
    void checkBundle(const Value &source, const FieldPath &path);
    void checkBundleName(const Value &source, const FieldPath &path);
    void checkCertificate(const Value &source, const FieldPath &path);

    const FieldPath &m_path;
    Findings &m_findings;
    std::set<std::string, std::less<>> m_files;
};

void ProjectedCheck::checkKeys(const Value &source, const FieldPath &path)
{
    const std::string_view name = textIn(source, "name");
    if (name.empty())
        m_findings.required(path.child("name"));
    eachItem(source["items"], path.child("items"), [&](const Value &file, const FieldPath &filePath) {
        checkKeyFile(file, filePath, m_findings);
        if (!textIn(file, "path").empty())
            take(textIn(file, "path"), name);
    });
}

void ProjectedCheck::checkDownward(const Value &source, const FieldPath &path)
{
    const Value files = source["items"];
    for (const Value &file : files.items()) {
        checkDownwardFile(file, path, m_findings);
        if (const std::string_view place = textIn(file, "path"); !place.empty())
            take(place, place);
    }
}

void ProjectedCheck::checkToken(const Value &source, const FieldPath &path)
{
    constexpr std::int64_t kHour = 3600;
    constexpr std::int64_t kLeast = 600;
    constexpr std::int64_t kMost = std::int64_t(1) << 32;
    const std::int64_t seconds = source["expirationSeconds"].intOr(kHour);
    const FieldPath secondsPath = path.child("expirationSeconds");
    if (seconds < kLeast)
        m_findings.invalid(secondsPath, Value(seconds), "may not specify a duration less than 10 minutes");
    if (seconds > kMost)
        m_findings.invalid(secondsPath, Value(seconds), "may not specify a duration larger than 2^32 seconds");
    const std::string_view place = textIn(source, "path");
    if (place.empty())
        m_findings.required(m_path.child("path"));
    else
        checkLocal(place, m_path.child("path"), m_findings);
}

void ProjectedCheck::checkBundleName(const Value &source, const FieldPath &path)
{
    const Value selector = source["labelSelector"];
    const FieldPath selectorPath = path.child("labelSelector");
    const std::string_view name = textIn(source, "name");
    if (!isSet(source["name"])) {
        const std::string_view signer = textIn(source, "signerName");
        const FieldPath signerPath = path.child("signerName");
        if (signer.empty())
            m_findings.required(signerPath, "must be a valid signer name");
        checkSigner(signer, signerPath, m_findings);
        checkLabelSelector(selector, selectorPath, m_findings);
        return;
    }
    const FieldPath namePath = path.child("name");
    if (name.empty())
        m_findings.required(namePath, "must be a valid object name");
    for (const std::string &problem : bundleNameProblems(name))
        m_findings.invalid(namePath, Value(name), "not a valid clustertrustbundlename: " + problem);
    if (isSet(selector))
        m_findings.invalidJson(selectorPath, selectorJson(selector),
                               "labelSelector must be unset if name is specified");
}

void ProjectedCheck::checkBundle(const Value &source, const FieldPath &path)
{
    const bool hasName = isSet(source["name"]);
    const bool hasSigner = isSet(source["signerName"]);
    if (hasName && hasSigner) {
        // Go prints its own field names here.
        const Value shown = Value::map({{"Name", source["name"]},
                                        {"SignerName", source["signerName"]},
                                        {"LabelSelector", source["labelSelector"]},
                                        {"Optional", source["optional"]},
                                        {"Path", Value(textIn(source, "path"))}});
        m_findings.invalid(path, shown, "only one of name and signerName may be used");
    } else if (hasName || hasSigner) {
        checkBundleName(source, path);
    } else {
        m_findings.required(path, "either name or signerName must be specified");
    }
    const std::string_view place = textIn(source, "path");
    if (place.empty())
        m_findings.required(path.child("path"));
    checkLocal(place, path.child("path"), m_findings);
    take(place, place);
}

void ProjectedCheck::checkCertificate(const Value &source, const FieldPath &path)
{
    constexpr std::int64_t kHour = 3600;
    constexpr std::int64_t kDay = 24 * kHour;
    const std::string_view signer = textIn(source, "signerName");
    checkSigner(signer, path.child("signerName"), m_findings);
    m_findings.oneOf(path.child("keyType"), Value(textIn(source, "keyType")),
                     {"RSA3072", "RSA4096", "ECDSAP256", "ECDSAP384", "ECDSAP521", "ED25519"});
    if (const std::optional<std::int64_t> seconds = numberIn(source, "maxExpirationSeconds")) {
        const std::size_t slash = signer.find('/');
        const std::string_view domain = signer.substr(0, slash);
        const bool isKubernetes = domain == "kubernetes.io" || domain.ends_with(".kubernetes.io");
        const std::int64_t most = isKubernetes ? kDay : 91 * kDay;
        const FieldPath secondsPath = path.child("maxExpirationSeconds");
        if (*seconds < kHour)
            m_findings.invalid(secondsPath, Value(*seconds), "if provided, maxExpirationSeconds must be >= 3600");
        if (*seconds > most)
            m_findings.invalid(secondsPath, Value(*seconds),
                               "if provided, maxExpirationSeconds must be <= " + std::to_string(most));
    }
    bool hasFile = false;
    for (const char *key : {"credentialBundlePath", "keyPath", "certificateChainPath"}) {
        const std::string_view place = textIn(source, key);
        if (place.empty())
            continue;
        hasFile = true;
        checkLocal(place, path.child(key), m_findings);
        take(place, place);
    }
    if (!hasFile)
        m_findings.required(path, "specify at least one of credentialBundlePath, keyPath, and certificateChainPath");
}

void ProjectedCheck::checkSource(const Value &source, const FieldPath &path)
{
    using Check = void (ProjectedCheck::*)(const Value &, const FieldPath &);
    constexpr std::pair<const char *, Check> kKinds[] = {
        {"secret", &ProjectedCheck::checkKeys},
        {"configMap", &ProjectedCheck::checkKeys},
        {"downwardAPI", &ProjectedCheck::checkDownward},
        {"serviceAccountToken", &ProjectedCheck::checkToken},
        {"clusterTrustBundle", &ProjectedCheck::checkBundle},
        {"podCertificate", &ProjectedCheck::checkCertificate},
    };
    int count = 0;
    for (const auto &[name, check] : kKinds) {
        const Value part = source[name];
        if (!isSet(part))
            continue;
        ++count;
        (this->*check)(part, path.child(name));
    }
    if (count > 1)
        m_findings.forbidden(path, "may not specify more than 1 volume type per source");
}

} // namespace

void checkDownwardFile(const Value &file, const FieldPath &path, Findings &findings)
{
    const std::string_view place = textIn(file, "path");
    if (place.empty())
        findings.required(path.child("path"));
    checkLocal(place, path.child("path"), findings);
    const Value field = file["fieldRef"];
    const Value resource = file["resourceFieldRef"];
    if (isSet(field)) {
        checkFieldReference(field, ReferenceUse::Volume, path.child("fieldRef"), findings);
        if (isSet(resource))
            findings.invalid(path, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously");
    } else if (isSet(resource)) {
        checkResourceReference(resource, ReferenceUse::Volume, path.child("resourceFieldRef"), findings);
    } else {
        findings.required(path, "one of fieldRef and resourceFieldRef is required");
    }
    checkMode(file["mode"], path.child("mode"), findings);
}

void checkProjected(const Value &source, const FieldPath &path, Findings &findings)
{
    checkMode(source["defaultMode"], path.child("defaultMode"), findings);
    ProjectedCheck check(path, findings);
    eachItem(source["sources"], path.child("sources"),
             [&](const Value &part, const FieldPath &partPath) { check.checkSource(part, partPath); });
}

} // namespace tiphys::rollout
