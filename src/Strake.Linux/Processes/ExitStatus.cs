using System.Runtime.InteropServices;

namespace Strake.Linux;

/// <summary>How a process ended: by itself with a code, or by a signal.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ExitStatus
{
    ExitStatus(int code, Signal signal)
    {
        Code = code;
        Signal = signal;
    }

    /// <summary>The exit code, 0 to 255; after a signal 128 and its number, as a shell has it.</summary>
    public int Code { get; }

    /// <summary>The signal that ended it; <see cref="Signal.None"/> where it ended by itself.</summary>
    public Signal Signal { get; }

    /// <summary>Whether it ended by itself with 0.</summary>
    public bool IsSuccess => Code == 0;

    /// <summary>Ended by itself.</summary>
    public static ExitStatus Exited(int code) => new(code, Signal.None);

    /// <summary>Ended by a signal.</summary>
    public static ExitStatus Killed(Signal signal) => new(128 + (int)signal, signal);

    /// <summary><c>exit code 1</c> or <c>SIGKILL</c>.</summary>
    public override string ToString() => Signal == Signal.None ? $"exit code {Code}" : Signal.ToString();
}
