// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/base64.h"
#include "kube/kubeconfig.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace tiphys;
using namespace tiphys::kube;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char *>(data), size);
    if (const auto bytes = decodedBase64(text); bytes && decodedBase64(base64Of(*bytes)).value_or("") != *bytes)
        std::abort();
    const auto config = parseKubeConfig(text, "folder/config");
    if (!config)
        return 0;
    for (const ContextEntry &context : config->contexts) {
        const auto target = targetOf(*config, context.name);
        if (target && target->cluster.server.empty())
            std::abort();
    }
    return 0;
}
