using System.Runtime.InteropServices;

namespace Strake.Images.Codecs;

/// <summary>Memory of a C library's state that must not move, with the call that ends it.</summary>
sealed unsafe class NativeState : SafeHandle
{
    readonly delegate*<nint, void> _end;

    /// <summary>Zeroed memory of that size.</summary>
    public NativeState(int size, delegate*<nint, void> end = null) : base(0, ownsHandle: true)
    {
        SetHandle((nint)NativeMemory.AllocZeroed((nuint)size));
        _end = end;
    }

    public override bool IsInvalid => handle == 0;

    /// <summary>Where it is; valid until disposal.</summary>
    public byte* Pointer
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsClosed, this);
            return (byte*)handle;
        }
    }

    /// <summary>Whether the library has set the state up, so that its end must be called.</summary>
    public bool Started { get; set; }

    protected override bool ReleaseHandle()
    {
        if (Started && _end is not null) _end(handle);
        NativeMemory.Free((void*)handle);
        return true;
    }
}
