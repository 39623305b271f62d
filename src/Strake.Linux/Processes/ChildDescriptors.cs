using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Strake.Linux;

/// <summary>The descriptors that a child gets, at their numbers; everything else is closed in it.</summary>
sealed class ChildDescriptors : IDisposable
{
    readonly SortedDictionary<int, SafeHandle?> wanted;
    readonly List<SafeFileHandle> copies = [];
    readonly List<SafeHandle> held = [];
    readonly int highest;

    public ChildDescriptors(ChildProcessStart start)
    {
        wanted = new() { [0] = start.Input, [1] = start.Output, [2] = start.Error };
        foreach (var (number, handle) in start.Descriptors)
            wanted[number] = handle;

        highest = wanted.Keys.Max();
    }

    public void Plan(in Syscall.SpawnPlan plan)
    {
        for (var number = 0; number <= highest; number++)
        {
            if (!wanted.TryGetValue(number, out var handle))
                plan.Close(number);
            else if (handle is null)
                plan.OpenNull(number);
            else
                plan.Duplicate(OutOfTheWay(handle), number);
        }

        // Ours are all close-on-exec; those that whoever started us left open may not be (CVE-2024-21626 was such a one).
        plan.CloseFrom(highest + 1);
    }

    public void Dispose()
    {
        foreach (var copy in copies)
            copy.Dispose();

        foreach (var handle in held)
            handle.DangerousRelease();
    }

    // The child takes the steps one by one: a number that an earlier step overwrites cannot be the source of a later one. A copy of it can.
    SafeHandle OutOfTheWay(SafeHandle handle)
    {
        if (handle.DangerousGetHandle() > highest)
        {
            var added = false;
            handle.DangerousAddRef(ref added);
            held.Add(handle);
            return handle;
        }

        var copy = Syscall.Duplicate(handle, highest + 1);
        copies.Add(copy);
        return copy;
    }
}
