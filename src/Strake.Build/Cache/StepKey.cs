using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Strake.Images;

namespace Strake.Build;

/// <summary>Puts together what a step's result depends on. Equal keys have equal results.</summary>
sealed class StepKey : IDisposable
{
    // Another number where what keys are made of changes: old results are then not found.
    const string Form = "strake-step-1";

    readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>A key at its beginning.</summary>
    /// <param name="kind">The kind of step.</param>
    /// <param name="parent">The file system that it starts from; null: an empty one.</param>
    public StepKey(string kind, ChainId? parent) => Add(Form).Add(kind).Add(parent?.ToString() ?? "");

    /// <summary>Adds a text; null is another one than the empty one.</summary>
    public StepKey Add(string? text)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, text is null ? -1 : Encoding.UTF8.GetByteCount(text));
        hash.AppendData(length);
        if (text is not null) hash.AppendData(Encoding.UTF8.GetBytes(text));
        return this;
    }

    /// <summary>Adds texts, and how many there are.</summary>
    public StepKey Add(IReadOnlyCollection<string> texts)
    {
        Add(texts.Count.ToString(System.Globalization.CultureInfo.InvariantCulture));
        foreach (var text in texts) Add(text);
        return this;
    }

    /// <summary>The key.</summary>
    public Digest Complete() => Digest.FromHash(hash.GetHashAndReset());

    /// <inheritdoc/>
    public void Dispose() => hash.Dispose();
}
