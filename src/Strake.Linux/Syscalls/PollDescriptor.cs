using System.Runtime.InteropServices;

namespace Strake.Linux;

/// <summary>One descriptor for <see cref="Syscall.Poll(Span{PollDescriptor}, int)"/>: <c>struct pollfd</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PollDescriptor
{
    readonly int descriptor;
    readonly short events;
    readonly short returned;

    /// <summary>Asks for events of a descriptor, which the caller keeps open over the call.</summary>
    public PollDescriptor(SafeHandle handle, PollEvents events)
    {
        descriptor = (int)handle.DangerousGetHandle();
        this.events = (short)events;
    }

    /// <summary>What it has become; set by the call.</summary>
    public readonly PollEvents Returned => (PollEvents)returned;
}
