using System.Runtime.CompilerServices;

// All marshalling is generated at build (LibraryImport). Without this, ahead-of-time compilation leaves each import's stub to the JIT at
// run time, which cost an opening store more than everything else.
[assembly: DisableRuntimeMarshalling]
