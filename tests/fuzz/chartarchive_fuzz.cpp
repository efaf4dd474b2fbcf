// SPDX-License-Identifier: GPL-3.0-or-later
// Reading any archive as a chart, and as the layer of an artifact, ends with files or an error.
#include "render/helm/chart_archive.h"
#include "render/helm/chart_loader.h"
#include "render/layer_archive.h"

#include <cstdint>
#include <string_view>

using namespace tiphys;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char *>(data), size);
    if (const auto tree = render::chartArchiveTree(bytes)) {
        // NOLINTNEXTLINE(bugprone-unused-return-value): only crashes matter here.
        (void)render::loadChart(**tree, "");
    }
    // NOLINTNEXTLINE(bugprone-unused-return-value)
    (void)render::layerTree(bytes);
    return 0;
}
