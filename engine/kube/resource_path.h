// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ports/requests.h"
#include "ports/resource_type.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tiphys::kube {

/// Query parameters in order; printed percent-encoded.
using Query = std::vector<std::pair<std::string, std::string>>;

/// \p text with every byte but unreserved ones percent-encoded.
std::string percentEncoded(std::string_view text);
/// "?a=b&c=d", or "" for an empty query.
std::string queryText(const Query &query);

/// Path of the collection: "/apis/apps/v1/namespaces/shop/deployments"; \p ns "" for all namespaces.
std::string collectionPath(const ports::ResourceType &type, std::string_view ns);
/// Path of one object, with "/subresource" if that is not "".
std::string objectPath(const ports::ObjectRef &ref, std::string_view subresource);

/// Parameters that a list and a watch share.
Query selectionQuery(const ports::Selection &selection);
/// fieldManager, dryRun, force, fieldValidation.
Query writeQuery(const ports::WriteOptions &options, bool isApply);
/// Media type of a patch body.
std::string_view patchMediaType(ports::PatchType type);
/// Media types for Accept: the object as it is, or its metadata alone.
enum class Shape { One, List };
std::string_view acceptType(ports::Detail detail, Shape shape);
/// The DeleteOptions body.
std::string deleteBody(const ports::DeleteOptions &options);
Query logQuery(const ports::LogOptions &options);

} // namespace tiphys::kube
