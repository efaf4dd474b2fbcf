// SPDX-License-Identifier: GPL-3.0-or-later
// Building any kustomization ends, with objects or an error. A line of "%%%" begins the next file.
#include "render/kustomize/kustomize.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

using namespace tiphys;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    constexpr std::array<const char *, 5> names{"kustomization.yaml", "a.yaml", "b.yaml", "base/kustomization.yaml",
                                                "base/c.yaml"};
    constexpr std::string_view kNext = "%%%\n";
    std::string_view rest(reinterpret_cast<const char *>(data), size);
    std::vector<std::pair<std::string, std::string>> files;
    for (const char *name : names) {
        const auto end = rest.find(kNext);
        files.emplace_back(name, std::string(rest.substr(0, end)));
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + kNext.size());
    }
    const auto tree = render::memoryTree(std::move(files));
    // NOLINTNEXTLINE(bugprone-unused-return-value): only crashes matter here.
    (void)render::renderKustomization(*tree, "", {});
    return 0;
}
