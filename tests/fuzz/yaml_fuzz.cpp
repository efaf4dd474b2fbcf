// SPDX-License-Identifier: GPL-3.0-or-later
// Reading never crashes, both ways of reading agree, and what is written in ASCII reads back as it was.
#include "object/json.h"
#include "object/yaml.h"
#include "object/yaml_block.h"
#include "object/yaml_decoder.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iostream>

using namespace tiphys;
using namespace tiphys::object;

namespace {

void require(bool holds, const char *what, const Value &value)
{
    if (holds)
        return;
    std::cerr << what << ": " << toJson(value) << "\n" << toYaml(value);
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    const Expected<Value> full = detail::readFullYaml(text, {});
    if (const std::optional<Value> block = detail::readBlockYaml(text, {}))
        require(full && *full == *block, "the fast way differs", *block);
    for (const std::string_view document : splitYamlDocuments(text))
        ignoreError(parseYaml(document, {DuplicateKeys::Refused}), "only crashes matter here");
    if (!full)
        return 0;
    const std::string yaml = toYaml(*full);
    const bool isAscii = std::ranges::all_of(yaml, [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); });
    if (isAscii && marshalYaml(*full)) {
        const Expected<Value> again = parseYaml(yaml);
        require(again && toJson(*again) == toJson(*full), "written and read again differs", *full);
    }
    return 0;
}
