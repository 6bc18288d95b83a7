create database x;
