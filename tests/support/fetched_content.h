// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "render/remote_content.h"

#include <cstdint>
#include <map>
#include <string>

namespace tiphys::tests {

/// What was fetched, held in maps.
class FetchedInMemory final : public render::RemoteContent
{
public:
    std::map<std::string, Expected<std::shared_ptr<const render::FileTree>>, std::less<>>
        repositories; ///< by clone URL
    std::map<std::string, Expected<std::string>, std::less<>> files;
    std::map<render::ChartReference, Expected<render::ArchivePtr>> charts;
    std::map<render::ArtifactReference, Expected<std::shared_ptr<const render::FileTree>>> artifacts;
    std::map<std::string, std::string, std::less<>> names;

    render::Fetched<std::shared_ptr<const render::FileTree>>
    repository(const render::kustomize::RepoSpec &spec) const override
    {
        return found(repositories, spec.cloneUrl());
    }
    render::Fetched<std::string> file(std::string_view url) const override { return found(files, url); }
    render::Fetched<render::ArchivePtr> chart(const render::ChartReference &chart) const override
    {
        return found(charts, chart);
    }
    render::Fetched<std::shared_ptr<const render::FileTree>>
    artifact(const render::ArtifactReference &artifact) const override
    {
        return found(artifacts, artifact);
    }
    std::string repositoryNamed(std::string_view name) const override
    {
        const auto known = names.find(name);
        return known == names.end() ? std::string() : known->second;
    }

private:
    template <typename Map, typename Key>
    static std::optional<typename Map::mapped_type> found(const Map &map, const Key &key)
    {
        const auto known = map.find(key);
        return known == map.end() ? std::nullopt : std::optional(known->second);
    }
};

/// A tar archive (not compressed) of files.
inline std::string tarOf(const std::vector<std::pair<std::string, std::string>> &files)
{
    std::string tar;
    for (const auto &[name, text] : files) {
        std::string header(512, '\0');
        const auto put = [&header](std::size_t at, const std::string &field) {
            header.replace(at, field.size(), field);
        };
        const auto octal = [](std::size_t number, int digits) {
            std::string digitsText(static_cast<std::size_t>(digits), '0');
            for (int i = digits; i-- > 0; number /= 8)
                digitsText[static_cast<std::size_t>(i)] = static_cast<char>('0' + number % 8);
            return digitsText;
        };
        put(0, name);
        put(100, "0000644");
        put(108, "0000000");
        put(116, "0000000");
        put(124, octal(text.size(), 11));
        put(136, "00000000000");
        put(148, "        ");
        put(156, "0");
        put(257, "ustar");
        put(263, "00");
        std::size_t sum = 0;
        for (const char c : header)
            sum += static_cast<unsigned char>(c);
        put(148, octal(sum, 6) + std::string(1, '\0') + " ");
        tar += header + text + std::string((512 - text.size() % 512) % 512, '\0');
    }
    return tar + std::string(1024, '\0');
}

/// A gzip file that holds \p bytes as they are.
inline std::string gzipOf(const std::string &bytes)
{
    std::string gzip("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
    const auto little = [](std::uint32_t number, int count) {
        std::string text;
        for (int i = 0; i < count; ++i, number >>= 8)
            text += static_cast<char>(number & 0xFF);
        return text;
    };
    for (std::size_t at = 0; at == 0 || at < bytes.size(); at += 65535) {
        const std::string block = bytes.substr(at, 65535);
        const auto size = static_cast<std::uint32_t>(block.size());
        gzip += (at + 65535 >= bytes.size() ? '\1' : '\0') + little(size, 2) + little(~size, 2) + block;
    }
    std::uint32_t crc = 0xFFFFFFFF;
    for (const char c : bytes) {
        crc ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc >> 1) ^ ((crc & 1) ? 0xEDB88320u : 0u);
    }
    return gzip + little(~crc, 4) + little(static_cast<std::uint32_t>(bytes.size()), 4);
}

/// A chart that makes one object, named after the release and the chart's version.
inline render::ArchivePtr chartArchive(const std::string &name, const std::string &version)
{
    return std::make_shared<const std::string>(gzipOf(tarOf(
        {{name + "/Chart.yaml", "apiVersion: v2\nname: " + name + "\nversion: " + version + "\n"},
         {name + "/values.yaml", "size: 1\n"},
         {name + "/templates/a.yaml",
          "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-{{ .Chart.Version }}\n"
          "data: {size: {{ .Values.size | quote }}, kube: {{ .Capabilities.KubeVersion.Version | quote }}}\n"}})));
}

} // namespace tiphys::tests
