// SPDX-License-Identifier: GPL-3.0-or-later
#include "render/helm/template_cache.h"

#include <unordered_set>
#include <vector>

namespace tiphys::render {

std::size_t TemplateCache::Hash::operator()(std::string_view source) const
{
    constexpr std::size_t kPart = 64;
    const text::NameHash hash;
    if (source.size() <= 3 * kPart)
        return hash(source);
    return ((hash(source.substr(0, kPart)) * 31 + hash(source.substr(source.size() / 2, kPart))) * 31
            + hash(source.substr(source.size() - kPart)))
               * 31
           + source.size();
}

text::TemplateExpected<std::shared_ptr<const text::ParsedText>>
TemplateCache::parsed(std::string_view name, std::string_view source, const text::FunctionTable &functions,
                      const text::TemplateOptions &options)
{
    if (const auto found = m_entries.find({name, source}); found != m_entries.end())
        return found->second;
    if (const auto same = m_bySource.find(source); same != m_bySource.end()) {
        if (ParsedPtr renamed = same->second->renamed(name)) {
            keep(renamed, name.size());
            return renamed;
        }
    }
    auto parsed = text::ParsedText::parse(name, source, functions, options);
    if (parsed)
        keep(*parsed, source.size());
    return parsed;
}

void TemplateCache::readAhead(std::span<const Text> texts, const text::FunctionTable &functions,
                              const text::TemplateOptions &options, const ForEach &forEach)
{
    constexpr std::size_t kLeastSpread = 64 * 1024; // bytes that take about a millisecond
    if (!forEach)
        return;
    std::vector<Text> unread;
    std::unordered_set<std::string_view, Hash> seen;
    std::size_t bytes = 0;
    for (const Text &text : texts) {
        if (m_bySource.contains(text.source) || !seen.insert(text.source).second)
            continue;
        unread.push_back(text);
        bytes += text.source.size();
    }
    if (bytes < kLeastSpread || bytes > m_limit / 2)
        return;
    std::vector<ParsedPtr> read(unread.size());
    forEach(unread.size(), [&](std::size_t i) {
        if (auto parsed = text::ParsedText::parse(unread[i].name, unread[i].source, functions, options))
            read[i] = *std::move(parsed);
    });
    for (const ParsedPtr &parsed : read) {
        if (parsed)
            keep(parsed, parsed->text().size());
    }
}

void TemplateCache::keep(const ParsedPtr &parsed, std::size_t bytes)
{
    constexpr std::size_t kOverhead = 256;
    if (m_bytes + bytes + kOverhead > m_limit) {
        m_entries.clear();
        m_bySource.clear();
        m_bytes = 0;
    }
    m_bytes += bytes + kOverhead;
    m_bySource.try_emplace(parsed->text(), parsed);
    m_entries.try_emplace(Key(parsed->name(), parsed->text()), parsed);
}

} // namespace tiphys::render
