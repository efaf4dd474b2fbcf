// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/template_world.h"

#include <algorithm>
#include <chrono>
#include <random>
#include <stdexcept>
#include <string>

namespace tiphys::store {

namespace {

#if defined(__cpp_lib_chrono) && __cpp_lib_chrono >= 201907L

/// A zone of the machine's database.
class DatabaseLocation final : public text::sprig::Location
{
public:
    DatabaseLocation(std::string name, const std::chrono::time_zone *zone) : m_name(std::move(name)), m_zone(zone) {}

    std::string_view name() const override { return m_name; }

    text::sprig::ZoneOffset at(std::int64_t seconds) const override
    {
        // The calendar of the database counts years in 16 bits.
        constexpr std::int64_t kFarthest = 30'000LL * 366 * 24 * 3600;
        const std::chrono::sys_seconds moment{std::chrono::seconds(std::clamp(seconds, -kFarthest, kFarthest))};
        const std::chrono::sys_info info = m_zone->get_info(moment);
        return {info.offset.count(), info.abbrev};
    }

private:
    std::string m_name;
    const std::chrono::time_zone *m_zone;
};

text::sprig::LocationPtr databaseLocation(std::string_view name)
{
    try {
        return std::make_shared<DatabaseLocation>(std::string(name), std::chrono::locate_zone(name));
    } catch (const std::runtime_error &) {
        // No such zone, or no database.
        return nullptr;
    }
}

#else

/// Standard libraries without the calendar of C++20 (libc++) know no zones: as without a database, all are UTC.
text::sprig::LocationPtr databaseLocation(std::string_view)
{
    return nullptr;
}

#endif

} // namespace

text::SprigWorldPtr machineWorld()
{
    auto world = std::make_shared<text::SprigWorld>();
    world->now = [] {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now);
        return text::Moment{
            seconds.count(),
            static_cast<std::int32_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now - seconds).count())};
    };
    world->random = [](std::span<std::uint8_t> bytes) {
        // Each first asks the processor what it is, which takes longer than the bytes do.
        thread_local std::random_device device;
        for (std::uint8_t &byte : bytes)
            byte = static_cast<std::uint8_t>(device());
    };
    world->location = databaseLocation;
    return world;
}

} // namespace tiphys::store
