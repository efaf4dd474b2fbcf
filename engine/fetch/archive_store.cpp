// SPDX-License-Identifier: GPL-3.0-or-later
#include "fetch/archive_store.h"

#include "fetch/exchange.h"
#include "fetch/oci_reference.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLockFile>
#include <QSaveFile>

namespace tiphys::fetch {

namespace {

constexpr qint64 kLargest = qint64{256} << 20;

std::optional<std::string> contentOf(const std::string &path)
{
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::ReadOnly) || file.size() > kLargest)
        return std::nullopt;
    return file.readAll().toStdString();
}

/// A failure keeps nothing: the next one downloads again.
void write(const std::string &path, std::string_view bytes)
{
    const QString name = QString::fromStdString(path);
    if (!QDir().mkpath(QFileInfo(name).path()))
        return;
    QLockFile lock(name + QStringLiteral(".lock"));
    if (!lock.tryLock(0))
        return; // somebody else writes the same bytes
    QSaveFile file(name);
    if (!file.open(QIODevice::WriteOnly))
        return;
    file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
    file.write(bytes.data(), static_cast<qint64>(bytes.size()));
    file.commit();
}

} // namespace

std::string ArchiveStore::pathOf(std::string_view digest) const
{
    return m_folder + "/sha256/" + std::string(digest.substr(7));
}

std::string ArchiveStore::pathOfName(std::string_view name) const
{
    return m_folder + "/names/" + digestOf(name).substr(7);
}

std::optional<std::string> ArchiveStore::bytes(std::string_view digest) const
{
    if (m_folder.empty() || !isSha256Digest(digest))
        return std::nullopt;
    std::optional<std::string> content = contentOf(pathOf(digest));
    if (content && digestOf(*content) != digest)
        return std::nullopt;
    return content;
}

void ArchiveStore::keep(std::string_view digest, std::string_view bytes) const
{
    if (!m_folder.empty() && isSha256Digest(digest))
        write(pathOf(digest), bytes);
}

std::optional<std::string> ArchiveStore::digestNamed(std::string_view name) const
{
    if (m_folder.empty())
        return std::nullopt;
    std::optional<std::string> digest = contentOf(pathOfName(name));
    if (digest && !isSha256Digest(*digest))
        return std::nullopt;
    return digest;
}

void ArchiveStore::keepName(std::string_view name, std::string_view digest) const
{
    if (!m_folder.empty() && isSha256Digest(digest))
        write(pathOfName(name), digest);
}

} // namespace tiphys::fetch
