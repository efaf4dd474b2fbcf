// SPDX-License-Identifier: GPL-3.0-or-later
// Reading any plugin file, and looking for its files, ends.
#include "render/plugin/plugin_config.h"
#include "render/plugin/plugin_discovery.h"

#include <cstdint>
#include <string_view>

using namespace tiphys;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    static const auto files = render::memoryTree({{"app/main.cue", ""}, {"app/sub/[x]/y.yaml", ""}, {"other/z", ""}});
    const auto config = render::readPluginConfig(text);
    const std::string_view pattern = config ? std::string_view(config->discovery.glob) : text;
    // NOLINTBEGIN(bugprone-unused-return-value): only crashes matter here.
    (void)render::anyPathMatches(*files, "app", pattern);
    (void)render::anyPathMatchesDeep(*files, "app", pattern);
    (void)render::readAnnouncements(text);
    // NOLINTEND(bugprone-unused-return-value)
    return 0;
}
