// SPDX-License-Identifier: GPL-3.0-or-later
#include "object/yaml_texts.h"

#include "object/yaml.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <numeric>

namespace tiphys::object {

namespace {

/// Reading so many bytes takes about a millisecond: less is not worth a thread.
constexpr std::size_t kLeastSpread = 192 * 1024;
/// About what is read in one go by one thread.
constexpr std::size_t kGroupBytes = 32 * 1024;

/// Where groups of about kGroupBytes begin, and the end.
std::vector<std::size_t> groupsOf(std::span<const std::string_view> texts)
{
    std::vector<std::size_t> starts{0};
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        bytes += texts[i].size();
        if (bytes >= kGroupBytes || i + 1 == texts.size()) {
            starts.push_back(i + 1);
            bytes = 0;
        }
    }
    return starts;
}

YamlTexts readInTurn(std::span<const std::string_view> texts)
{
    YamlTexts read;
    read.values.reserve(texts.size());
    for (const std::string_view text : texts) {
        Expected<Value> value = parseYaml(text);
        if (!value) {
            read.fault = std::move(value.error());
            break;
        }
        read.values.push_back(*std::move(value));
    }
    return read;
}

} // namespace

YamlTexts parseYamlTexts(std::span<const std::string_view> texts, const ForEach &forEach)
{
    const std::size_t bytes = std::accumulate(texts.begin(), texts.end(), std::size_t(0),
                                              [](std::size_t sum, std::string_view text) { return sum + text.size(); });
    if (!forEach || texts.size() < 2 || bytes < kLeastSpread)
        return readInTurn(texts);
    const std::vector<std::size_t> starts = groupsOf(texts);
    std::vector<YamlTexts> groups(starts.size() - 1);
    // What stands behind a fault is of no interest any more.
    std::atomic<std::size_t> firstFault = groups.size();
    forEach(groups.size(), [&](std::size_t i) {
        if (i > firstFault.load(std::memory_order_relaxed))
            return;
        groups[i] = readInTurn(texts.subspan(starts[i], starts[i + 1] - starts[i]));
        if (!groups[i].fault)
            return;
        std::size_t known = firstFault.load(std::memory_order_relaxed);
        while (i < known && !firstFault.compare_exchange_weak(known, i, std::memory_order_relaxed))
            ;
    });
    YamlTexts all;
    all.values.reserve(texts.size());
    for (YamlTexts &group : groups) {
        std::ranges::move(group.values, std::back_inserter(all.values));
        if (group.fault) {
            all.fault = std::move(group.fault);
            break;
        }
    }
    return all;
}

} // namespace tiphys::object
