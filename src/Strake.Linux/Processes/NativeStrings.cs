using System.Runtime.InteropServices;
using System.Text;

namespace Strake.Linux;

/// <summary>A NULL-ended array of C strings outside the managed heap, as exec takes its arguments and environment: one block.</summary>
sealed unsafe class NativeStrings : IDisposable
{
    byte** pointers;

    public NativeStrings(IReadOnlyList<string> texts)
    {
        var tableSize = (texts.Count + 1) * sizeof(byte*);
        var textSize = texts.Sum(static text => Encoding.UTF8.GetByteCount(Checked(text)) + 1);
        pointers = (byte**)NativeMemory.AllocZeroed((nuint)(tableSize + textSize));

        var next = (byte*)pointers + tableSize;
        var end = next + textSize;
        for (var i = 0; i < texts.Count; i++)
        {
            pointers[i] = next;
            next += Encoding.UTF8.GetBytes(texts[i], new Span<byte>(next, (int)(end - next))) + 1;
        }
    }

    public byte** Pointers => pointers;

    public void Dispose()
    {
        NativeMemory.Free(pointers);
        pointers = null;
    }

    // What comes after a NUL would be lost on the way.
    static string Checked(string text) =>
        text.Contains('\0', StringComparison.Ordinal) ? throw new ArgumentException("An argument cannot hold a NUL.", nameof(text)) : text;
}
