// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"
#include "object/object.h"

#include <string>
#include <string_view>
#include <vector>

namespace tiphys::render {

/// \p text without a byte order mark; UTF-16 that a mark announces becomes UTF-8, kept in \p storage. Without a mark what is
/// no UTF-8 becomes U+FFFD, each broken character one; after the mark of UTF-8 it stays.
/// Source: argo-cd reposerver/repository/repository.go (getObjsFromYAMLOrJSON)@v3.5.1, github.com/TomOnTime/utfutil@v1.0.0
std::string_view utf8Text(std::string_view text, std::string &storage);

/// The objects of a stream of YAML or JSON documents, null ones left out; what was read before an error stays in
/// \p objects. \p file names the text in the reason of errors, which is "FILE:LINE:COLUMN".
///
/// A stream that begins with a brace is read as JSON until something is none. Errors: InvalidInput, with the words of
/// Kubernetes' decoder, for what cannot be read, is no map, or has no kind.
/// Source: apimachinery pkg/util/yaml/decoder.go (YAMLOrJSONDecoder, YAMLReader)@v0.36.1
Expected<void> readManifestStream(std::string_view text, std::string_view file, std::vector<object::Object> &objects);

/// The same for what a program printed: documents are taken apart first, and then looked at.
Expected<std::vector<object::Object>> readPrintedStream(std::string_view text);

/// The one object of a JSON file; an empty list for an OCI image manifest, which may lie beside the others.
Expected<std::vector<object::Object>> readJsonManifest(std::string_view text, std::string_view file);

} // namespace tiphys::render
