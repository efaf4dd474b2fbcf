// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/template_world.h"

#include <chrono>
#include <random>

namespace tiphys::store {

text::SprigWorldPtr machineWorld()
{
    auto world = std::make_shared<text::SprigWorld>();
    world->now = [] {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now);
        return text::Moment{seconds.count(),
                            static_cast<std::int32_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now - seconds).count())};
    };
    world->random = [](std::span<std::uint8_t> bytes) {
        std::random_device device;
        for (std::uint8_t &byte : bytes)
            byte = static_cast<std::uint8_t>(device());
    };
    return world;
}

} // namespace tiphys::store
