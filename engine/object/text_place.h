// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/error.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tiphys::object {

/// A place in a text; line and column count from 1, columns in characters.
struct TextPlace
{
    std::size_t line = 1;
    std::size_t column = 1;

    bool operator==(const TextPlace &) const = default;
};

/// The place of the byte \p offset of \p text, or of its end.
TextPlace placeAt(std::string_view text, std::size_t offset);

/// Where the stream of documents \p text stops being YAML; nothing where all of it can be read, whatever its types.
std::optional<TextPlace> yamlFaultPlace(std::string_view text);

/// \p error with the place "FILE:LINE:COLUMN" as its reason.
Error atPlace(const Error &error, std::string_view file, const TextPlace &place);

/// The text of \p error, with the place that withPlace gave it: "… (at FILE:LINE:COLUMN)".
std::string textWithPlace(const Error &error);

/// \p error of reading \p text, JSON or YAML, with the place "FILE:LINE:COLUMN" as its reason; as it is where that is not known.
Error withPlace(const Error &error, std::string_view file, std::string_view text);

} // namespace tiphys::object
