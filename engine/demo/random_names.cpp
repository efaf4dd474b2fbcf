// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/random_names.h"

#include <string_view>

namespace tiphys::demo {

namespace {

constexpr std::string_view kLetters = "bcdfghjklmnpqrstvwxz2456789";

std::uint64_t mixed(std::uint64_t value)
{
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31);
}

} // namespace

std::uint64_t RandomNames::next()
{
    m_state += 0x9e3779b97f4a7c15ULL;
    return mixed(m_state);
}

std::string RandomNames::uid()
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string uid = "xxxxxxxx-xxxx-4xxx-axxx-xxxxxxxxxxxx";
    std::uint64_t bits = next();
    int left = 16;
    for (char &place : uid) {
        if (place != 'x')
            continue;
        if (left-- == 0) {
            bits = next();
            left = 15;
        }
        place = kDigits[bits & 15];
        bits >>= 4;
    }
    return uid;
}

std::string RandomNames::suffix(std::size_t length)
{
    std::string suffix;
    std::uint64_t bits = next();
    for (std::size_t i = 0; i < length; ++i) {
        suffix += kLetters[bits % kLetters.size()];
        bits /= kLetters.size();
    }
    return suffix;
}

std::string RandomNames::hashOf(const std::string &text)
{
    std::uint64_t hash = 0xcbf29ce484222325ULL;
    for (const char c : text)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return RandomNames(hash).suffix(10);
}

} // namespace tiphys::demo
