// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/compare_inputs.h"

#include "models/text.h"
#include "ui/settings.h"
#include "ui/theme/marks.h"
#include "ui/theme/metrics.h"
#include "ui/widgets/labels.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QCompleter>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace tiphys::ui {

namespace {

QComboBox *revisionBox(const QString &name, QWidget *parent)
{
    auto *box = new QComboBox(parent);
    box->setEditable(true);
    box->setInsertPolicy(QComboBox::NoInsert);
    box->setAccessibleName(name);
    box->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    box->setMinimumContentsLength(12);
    box->completer()->setFilterMode(Qt::MatchContains);
    box->completer()->setCompletionMode(QCompleter::PopupCompletion);
    return box;
}

/// The revision that an entry of the box names, or what was typed.
QString revisionOf(const QComboBox *box)
{
    const int found = box->findText(box->currentText());
    return found >= 0 && box->itemData(found).isValid() ? box->itemData(found).toString()
                                                        : box->currentText().trimmed();
}

void offer(QComboBox *box, const service::RevisionChoices &choices)
{
    const QString typed = box->currentText();
    box->clear();
    for (const std::string &branch : choices.branches)
        box->addItem(models::text(branch));
    for (const std::string &tag : choices.tags)
        box->addItem(models::text(tag));
    for (const service::CommitSummary &commit : choices.commits)
        box->addItem(models::commitText(commit), models::text(commit.revision));
    box->setEditText(typed);
}

} // namespace

CompareInputs::CompareInputs(UiContext context, QWidget *parent)
    : QWidget(parent), m_context(std::move(context)), m_repository(new QComboBox(this)),
      m_a(revisionBox(tr("Revision A"), this)), m_b(revisionBox(tr("Revision B"), this)), m_mode(new QComboBox(this)),
      m_swap(new QToolButton(this)), m_compare(new QPushButton(tr("Compare", "verb"), this))
{
    const int u = unit(this);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(6 * u, 0, 6 * u, u);
    column->setSpacing(2 * u);
    column->addWidget(new TextLabel(TextLabel::Rank::Title, tr("Compare", "noun: the page"), this));
    column->addLayout(buildRepositoryLine());
    column->addLayout(buildRevisionLine());
    connect(m_repository->lineEdit(), &QLineEdit::editingFinished, this, &CompareInputs::loadRevisions);
    connect(m_repository, &QComboBox::activated, this, &CompareInputs::loadRevisions);
    connect(m_mode, &QComboBox::currentIndexChanged, this, [this] { setMode(mode()); });
    connect(m_swap, &QToolButton::clicked, this, [this] {
        const QString a = m_a->currentText();
        m_a->setEditText(m_b->currentText());
        m_b->setEditText(a);
    });
    for (QComboBox *box : {m_repository, m_a, m_b})
        connect(box, &QComboBox::editTextChanged, this, &CompareInputs::changed);
    connect(m_compare, &QPushButton::clicked, this, &CompareInputs::compareRequested);
    setMode(Mode::TwoRevisions);
}

QLayout *CompareInputs::buildRepositoryLine()
{
    auto *line = new QHBoxLayout;
    line->setSpacing(2 * unit(this));
    m_repository->setEditable(true);
    m_repository->setInsertPolicy(QComboBox::NoInsert);
    m_repository->setAccessibleName(tr("Repository"));
    m_repository->addItems(m_context.settings.recentRepositories());
    m_repository->setCurrentIndex(-1);
    m_repository->lineEdit()->setPlaceholderText(tr("Folder, bare repository or file:// address"));
    auto *folder = new QToolButton(this);
    folder->setIcon(icon(u"folder"_s));
    folder->setToolTip(tr("Choose a folder"));
    folder->setAccessibleName(folder->toolTip());
    connect(folder, &QToolButton::clicked, this, &CompareInputs::chooseFolder);
    m_mode->addItem(tr("Two revisions (A..B)"));
    m_mode->addItem(tr("Review a branch (A...B, from the merge base)"));
    m_mode->addItem(tr("Working tree against A"));
    m_mode->setAccessibleName(tr("What to compare"));
    // In a narrow window both give way: a repository is a long text.
    m_repository->setMinimumWidth(50 * unit(this));
    m_mode->setMinimumWidth(38 * unit(this));
    auto *label = new QLabel(tr("&Repository"), this);
    label->setBuddy(m_repository);
    line->addWidget(label);
    line->addWidget(m_repository, 1);
    line->addWidget(folder);
    line->addWidget(m_mode);
    return line;
}

QLayout *CompareInputs::buildRevisionLine()
{
    auto *line = new QHBoxLayout;
    line->setSpacing(2 * unit(this));
    auto *labelA = new QLabel(tr("&A"), this);
    labelA->setBuddy(m_a);
    auto *labelB = new QLabel(tr("&B"), this);
    labelB->setBuddy(m_b);
    m_swap->setIcon(icon(u"swap"_s));
    m_swap->setToolTip(tr("Swap A and B"));
    m_swap->setAccessibleName(m_swap->toolTip());
    m_swap->setAutoRaise(true);
    makePrimary(m_compare);
    line->addWidget(labelA);
    line->addWidget(m_a, 1);
    line->addWidget(m_swap);
    line->addWidget(labelB);
    line->addWidget(m_b, 1);
    line->addWidget(m_compare);
    return line;
}

void CompareInputs::setOptions(const QMap<QString, QString> &options)
{
    m_repository->setEditText(options.value(u"repo"_s));
    m_a->setEditText(options.value(u"a"_s));
    m_b->setEditText(options.value(u"b"_s));
    const QString mode = options.value(u"mode"_s);
    setMode(mode == u"branch"_s ? Mode::Branch : (mode == u"tree"_s ? Mode::WorkingTree : Mode::TwoRevisions));
    loadRevisions();
}

QMap<QString, QString> CompareInputs::options() const
{
    const service::CompareRequest asked = request();
    QMap<QString, QString> options{
        {u"repo"_s, models::text(asked.repository)}, {u"a"_s, models::text(asked.a)}, {u"b"_s, models::text(asked.b)}};
    if (mode() != Mode::TwoRevisions)
        options.insert(u"mode"_s, mode() == Mode::Branch ? u"branch"_s : u"tree"_s);
    return options;
}

QString CompareInputs::problem() const
{
    if (repository().isEmpty())
        return tr("Choose a repository first.");
    if (m_a->currentText().trimmed().isEmpty())
        return tr("Choose revision A first.");
    if (mode() != Mode::WorkingTree && m_b->currentText().trimmed().isEmpty())
        return tr("Choose revision B first.");
    return {};
}

QString CompareInputs::repository() const
{
    return m_repository->currentText().trimmed();
}

QWidget *CompareInputs::first() const
{
    return m_repository;
}

CompareInputs::Mode CompareInputs::mode() const
{
    return static_cast<Mode>(m_mode->currentIndex());
}

void CompareInputs::setMode(Mode mode)
{
    m_mode->setCurrentIndex(static_cast<int>(mode));
    const bool hasB = mode != Mode::WorkingTree;
    m_b->setEnabled(hasB);
    m_swap->setEnabled(hasB);
    m_b->lineEdit()->setPlaceholderText(hasB ? tr("Branch, tag or commit") : tr("the working tree"));
    m_a->lineEdit()->setPlaceholderText(mode == Mode::Branch ? tr("Base, for instance main")
                                                             : tr("Branch, tag or commit"));
    Q_EMIT changed();
}

service::CompareRequest CompareInputs::request() const
{
    service::CompareRequest request;
    request.repository = models::utf8(repository());
    request.a = models::utf8(revisionOf(m_a));
    request.b = mode() == Mode::WorkingTree ? std::string() : models::utf8(revisionOf(m_b));
    request.fromMergeBase = mode() == Mode::Branch;
    return request;
}

void CompareInputs::chooseFolder()
{
    auto *dialog = new QFileDialog(this, tr("Choose a repository"));
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &folder) {
        m_repository->setEditText(folder);
        loadRevisions();
    });
    dialog->open();
}

void CompareInputs::loadRevisions()
{
    const QString repository = this->repository();
    if (repository.isEmpty() || repository == m_loaded)
        return;
    m_loaded = repository;
    service::whenDone(m_context.service.revisions(models::utf8(repository)), this,
                      [this, repository](const Expected<service::RevisionChoices> &choices) {
                          if (repository != m_loaded)
                              return;
                          if (!choices) {
                              m_loaded.clear();
                              Q_EMIT noticed(models::sentence(choices.error().text()));
                              return;
                          }
                          offer(m_a, *choices);
                          offer(m_b, *choices);
                          if (m_b->currentText().isEmpty() && !choices->branches.empty())
                              m_b->setEditText(models::text(choices->branches.front()));
                          if (m_a->currentText().isEmpty() && choices->commits.size() > 1)
                              m_a->setEditText(models::commitText(choices->commits[1]));
                      });
}

} // namespace tiphys::ui
