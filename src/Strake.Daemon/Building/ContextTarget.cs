using Strake.Build;
using Strake.Daemon.BuildKit.Files;

namespace Strake.Daemon.Building;

/// <summary>Files that a client sends become a context of the builder.</summary>
/// <param name="draft">The context; stays the caller's.</param>
sealed class ContextTarget(ContextDraft draft) : IFileTarget
{
    /// <summary>The files, once all are there; the caller disposes them.</summary>
    public ContextFiles? Files { get; private set; }

    /// <inheritdoc/>
    public void Begin(FileEntry directory) => draft.Add(EntryOf(directory));

    /// <inheritdoc/>
    public void End()
    {
        // A directory needs nothing after its last file.
    }

    /// <inheritdoc/>
    public IFileContent? Add(FileEntry file) => draft.Add(EntryOf(file)) is { } content ? new Content(content) : null;

    /// <inheritdoc/>
    public void Complete() => Files = draft.Complete();

    static ContextEntry EntryOf(FileEntry file) => new(file.Path, file.Kind, file.Mode, file.SizeBytes, file.ModifyTime)
    {
        Target = file.Target,
        Device = file.Device,
        Attributes = file.Attributes,
    };

    sealed class Content(ContextContent content) : IFileContent
    {
        public void Write(ReadOnlySpan<byte> bytes) => content.Write(bytes);

        public void Complete() => content.Complete();
    }
}
