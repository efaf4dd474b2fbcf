// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/gvk.h"
#include "object/value.h"

#include <map>
#include <string_view>

namespace tiphys::compare {

/// The schemas of the kinds that \p document, an OpenAPI v3 document of one API group version as JSON, describes.
/// References to other schemas stay as they are: custom resources have them for metadata only.
/// Errors: InvalidInput if it is no JSON.
Expected<std::map<object::Gvk, object::Value>> openApiSchemas(std::string_view document);

} // namespace tiphys::compare
