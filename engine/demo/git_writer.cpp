// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo/git_writer.h"

#include <QByteArray>
#include <QCryptographicHash>
#include <QDir>
#include <QFile>

namespace tiphys::demo {

namespace {

Expected<void> writeFile(const QString &path, const QByteArray &content)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        return failure(ErrorCode::InvalidInput,
                       "cannot write " + path.toStdString() + ": " + file.errorString().toStdString());
    return {};
}

} // namespace

Expected<GitWriter> GitWriter::begin(const QString &path)
{
    GitWriter writer(path);
    for (const char *folder : {"/objects", "/refs/heads", "/refs/tags"}) {
        if (!QDir().mkpath(path + QString::fromLatin1(folder)))
            return failure(ErrorCode::InvalidInput, "cannot make the folder " + path.toStdString() + folder);
    }
    if (const auto head = writeFile(path + QStringLiteral("/HEAD"), "ref: refs/heads/main\n"); !head)
        return std::unexpected(head.error());
    const auto config = writeFile(path + QStringLiteral("/config"),
                                  "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n");
    if (!config)
        return std::unexpected(config.error());
    return writer;
}

Expected<std::string> GitWriter::write(std::string_view type, const std::string &content)
{
    QByteArray object = QByteArray::fromStdString(std::string(type) + " " + std::to_string(content.size()));
    object += '\0';
    object += QByteArray::fromStdString(content);
    const QByteArray id = QCryptographicHash::hash(object, QCryptographicHash::Sha1).toHex();
    const QString folder = m_path + QStringLiteral("/objects/") + QString::fromLatin1(id.left(2));
    const QString file = folder + QLatin1Char('/') + QString::fromLatin1(id.mid(2));
    if (!QFile::exists(file)) {
        QDir().mkpath(folder);
        // Qt puts four bytes of length before the zlib stream that Git wants.
        if (const auto written = writeFile(file, qCompress(object, 1).mid(4)); !written)
            return std::unexpected(written.error());
    }
    return id.toStdString();
}

Expected<std::string> GitWriter::writeTree(const std::map<std::string, std::string> &files)
{
    struct Entry
    {
        bool isTree = false;
        std::string id;
    };
    std::map<std::string, Entry> entries; // folders end in "/": this is how Git sorts them
    std::map<std::string, std::map<std::string, std::string>> folders;
    for (const auto &[path, content] : files) {
        const auto slash = path.find('/');
        if (slash != std::string::npos) {
            folders[path.substr(0, slash)][path.substr(slash + 1)] = content;
            continue;
        }
        const auto blob = write("blob", content);
        if (!blob)
            return blob;
        entries[path] = {false, *blob};
    }
    for (const auto &[name, below] : folders) {
        const auto tree = writeTree(below);
        if (!tree)
            return tree;
        entries[name + "/"] = {true, *tree};
    }
    std::string content;
    for (const auto &[name, entry] : entries) {
        content += entry.isTree ? "40000 " + name.substr(0, name.size() - 1) : "100644 " + name;
        content += '\0';
        content += QByteArray::fromHex(QByteArray::fromStdString(entry.id)).toStdString();
    }
    return write("tree", content);
}

Expected<std::string> GitWriter::commit(const std::map<std::string, std::string> &files, std::string_view message,
                                        std::int64_t secondsSince1970)
{
    const auto tree = writeTree(files);
    if (!tree)
        return tree;
    const std::string who = "Demo Author <author@example.com> " + std::to_string(secondsSince1970) + " +0000\n";
    const auto id = write("commit", "tree " + *tree + "\n" + (m_head.empty() ? "" : "parent " + m_head + "\n")
                                        + "author " + who + "committer " + who + "\n" + std::string(message) + "\n");
    if (!id)
        return id;
    m_head = *id;
    const auto branch =
        writeFile(m_path + QStringLiteral("/refs/heads/main"), QByteArray::fromStdString(m_head + "\n"));
    if (!branch)
        return std::unexpected(branch.error());
    return id;
}

} // namespace tiphys::demo
