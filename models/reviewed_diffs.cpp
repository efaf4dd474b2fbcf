// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/reviewed_diffs.h"

#include <QCryptographicHash>

namespace tiphys::models {

namespace {

/// So many digits of the digest are kept.
constexpr qsizetype kDigits = 20;

void add(QCryptographicHash &hash, std::string_view part)
{
    // The length before each part: two parts never read as one.
    hash.addData(QByteArray::number(static_cast<qulonglong>(part.size())) + ':');
    hash.addData(QByteArrayView(part.data(), static_cast<qsizetype>(part.size())));
}

QString printOf(const QCryptographicHash &hash)
{
    return QString::fromLatin1(hash.result().toHex().left(kDigits));
}

} // namespace

QString diffPrint(const service::ResourceDiff &diff, const QString &scope)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    add(hash, scope.toStdString());
    add(hash, diff.key.text());
    add(hash, std::to_string(static_cast<int>(diff.change)));
    for (const service::DiffLine &line : diff.lines) {
        add(hash, std::to_string(static_cast<int>(line.kind)));
        add(hash, line.text);
    }
    return printOf(hash);
}

QString diffPrint(const service::ComparedResource &resource)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    add(hash, resource.key.text());
    add(hash, std::to_string(static_cast<int>(resource.change)));
    add(hash, std::to_string(resource.identity));
    return printOf(hash);
}

} // namespace tiphys::models
