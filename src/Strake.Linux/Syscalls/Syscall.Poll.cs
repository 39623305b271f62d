using System.Runtime.InteropServices;

namespace Strake.Linux;

public static partial class Syscall
{
    /// <summary>Waits, on this thread, until a descriptor is ready (<c>poll(2)</c>). For waits without a thread, see <see cref="Readiness"/>.</summary>
    /// <param name="descriptors">The descriptors; what they have become is written into them.</param>
    /// <param name="milliseconds">How long; 0 looks only, -1 waits for ever. A signal begins it anew.</param>
    /// <returns>How many are ready; 0 after the time.</returns>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static int Poll(Span<PollDescriptor> descriptors, int milliseconds)
    {
        while (true)
        {
            var ready = poll(descriptors, (nuint)descriptors.Length, milliseconds);
            if (ready >= 0)
                return ready;

            if (!Interrupted())
                throw Failure("poll");
        }
    }

    /// <summary>Waits until one descriptor is ready; what it has become, or <see cref="PollEvents.None"/> after the time.</summary>
    /// <exception cref="LinuxException">The call failed.</exception>
    public static PollEvents Poll(SafeHandle handle, PollEvents events, int milliseconds)
    {
        Span<PollDescriptor> one = [new(handle, events)];
        Poll(one, milliseconds);
        GC.KeepAlive(handle);
        return one[0].Returned;
    }

    [LibraryImport(Libc, SetLastError = true)]
    private static partial int poll(Span<PollDescriptor> descriptors, nuint count, int milliseconds);
}
