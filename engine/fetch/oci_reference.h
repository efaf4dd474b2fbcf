// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <string>
#include <string_view>

namespace tiphys::fetch {

/// A repository of a registry.
struct OciRepository
{
    std::string host; ///< with its port
    std::string path;

    bool operator==(const OciRepository &) const = default;
    /// The host that requests go to: Docker Hub's is not the one that references name.
    std::string server() const;
};

/// Reads "oci://host/path" (the scheme may be absent) without tag or digest.
/// Errors: InvalidInput naming the reference. Source: oras-go registry/reference.go (ParseReference)@v2.6.1
Expected<OciRepository> ociRepositoryOf(std::string_view reference);

/// A chart in a registry.
struct OciChart
{
    std::string repository; ///< "oci://host/path"
    std::string reference;  ///< tag or digest

    bool operator==(const OciChart &) const = default;
};
/// Where the index of a chart repository says that \p version is: "oci://host/path", ":tag" or "@digest" behind it; without
/// either the version is the tag.
/// Source: helm pkg/getter/ocigetter.go (get)@v4.2.4
OciChart ociChartOf(std::string_view url, std::string_view version);

/// The tag of a chart's version: '+' cannot stand in a tag.
/// Source: helm pkg/registry/client.go (Pull)@v4.2.4
std::string tagOfVersion(std::string_view version);
/// The version that a chart's tag stands for.
std::string versionOfTag(std::string_view tag);

/// True for "sha256:" and 64 hexadecimal digits.
bool isSha256Digest(std::string_view text);
/// True for what may be a tag.
bool isTag(std::string_view text);

} // namespace tiphys::fetch
