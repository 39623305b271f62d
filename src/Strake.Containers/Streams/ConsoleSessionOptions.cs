namespace Strake.Containers.Streams;

/// <summary>What a session wants of a console.</summary>
/// <param name="Stdin">Whether the client's input goes to the process.</param>
/// <param name="Stdout">Whether it wants stdout.</param>
/// <param name="Stderr">Whether it wants stderr.</param>
/// <param name="EndsStdin">Whether the end of its input ends the process's stdin; else it ends the session.</param>
/// <param name="DetachKeys">The keys that end the session; null: none do.</param>
sealed record ConsoleSessionOptions(bool Stdin, bool Stdout, bool Stderr, bool EndsStdin, DetachKeys? DetachKeys);
