using System.Runtime.InteropServices;

namespace Strake.Linux;

/// <summary>
/// The names of a file's extended attributes, as the kernel lists them: each ended by a NUL. Enumerating allocates nothing; the order is the
/// file system's.
/// </summary>
[StructLayout(LayoutKind.Auto)]
public readonly struct XattrNames
{
    readonly byte[]? list;

    internal XattrNames(byte[]? list) => this.list = list;

    /// <summary>Whether there is none.</summary>
    public bool IsEmpty => list is null or [];

    /// <summary>The names, each with its NUL, so that it can be handed to a call.</summary>
    public Enumerator GetEnumerator() => new(list);

    /// <summary>Goes over the names.</summary>
    [StructLayout(LayoutKind.Auto)]
    public ref struct Enumerator
    {
        ReadOnlySpan<byte> rest;

        internal Enumerator(ReadOnlySpan<byte> list) => rest = list;

        /// <summary>The name, with its NUL.</summary>
        public ReadOnlySpan<byte> Current { get; private set; }

        /// <summary>Goes to the next name; false after the last.</summary>
        public bool MoveNext()
        {
            var end = rest.IndexOf((byte)0);
            if (end < 0)
                return false;

            Current = rest[..(end + 1)];
            rest = rest[(end + 1)..];
            return true;
        }
    }
}
