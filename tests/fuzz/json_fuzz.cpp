// SPDX-License-Identifier: GPL-3.0-or-later
// Reading never crashes, both readers agree, and what is written reads back as it was.
#include "object/json.h"
#include "object/json_patch.h"
#include "object/json_reader.h"
#include "object/list_reader.h"
#include "object/merge_patch.h"

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
    std::cerr << what << ": " << toJson(value) << "\n";
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    const Expected<Value> fast = parseJson(text);
    const Expected<Value> tolerant = detail::readJson(text);
    ignoreError(parseKubernetesList(text, {.dropsManagedFields = true, .dropsSecretLastApplied = true}),
                "only crashes matter here");
    require(fast.has_value() == tolerant.has_value(), "only one reader accepts it", fast ? *fast : Value());
    if (!fast)
        return 0;
    require(*fast == *tolerant, "the readers differ", *fast);
    const Expected<Value> again = parseJson(toJson(*fast));
    require(again && toJson(*again) == toJson(*fast), "written and read again differs", *fast);
    const Value before = (*fast)["before"];
    const Value after = (*fast)["after"];
    ignoreError(applyJsonPatch(before, (*fast)["patch"]), "only crashes matter here");
    if (before.isMap() && after.isMap()) {
        const Value patch = mergePatchOf(before, after);
        require(mergePatchOf(before, before).size() == 0, "a patch of nothing", before);
        ignoreError(Expected<Value>(applyMergePatch(before, patch)), "only crashes matter here");
    }
    return 0;
}
